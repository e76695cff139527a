import CommandLineArguments
import Glibc
import WorkerDomain

/// `r2 get`: one object into a file, or all below a prefix into a folder.
struct ObjectGet {
    private let command: R2Command
    private let store: any ObjectStore

    init(_ command: R2Command, _ store: any ObjectStore) {
        self.command = command
        self.store = store
    }

    func run() async throws(CommandFailure) {
        if self.command.isRecursive { try await self.getAll() } else { try await self.getOne() }
    }

    private func getOne() async throws(CommandFailure) {
        let object = try await self.command.object(self.store)
        let (folder, name) = try self.target(of: object)
        try await self.fetch(object, into: folder, name: name, shown: name)
    }

    /// The folder and the name that were asked for: a folder that is there gets the key's own name.
    private func target(of object: StoredObject) throws(CommandFailure) -> (DownloadFolder, String) {
        let own = SafeName.file(of: object.key)
        guard let path = self.command.file else {
            guard let own else { throw .cannotRun("the key has no name for a file; give one") }
            return (try self.open("."), own)
        }
        if let folder = DownloadFolder(path: path), let own { return (folder, own) }
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let name = String(decoding: slash.map { path.utf8[$0...].dropFirst() } ?? path.utf8[...], as: UTF8.self)
        let above = slash.map { String(decoding: path.utf8[...$0], as: UTF8.self) } ?? "."
        guard !name.isEmpty else { throw .cannotRun("no such folder: \(path)") }
        return (try self.open(above), name)
    }

    private func open(_ path: String) throws(CommandFailure) -> DownloadFolder {
        guard let folder = DownloadFolder(path: path) else {
            throw .cannotRun("cannot open the folder \(path): \(SystemReason.text(errno))")
        }
        return folder
    }

    private func getAll() async throws(CommandFailure) {
        let root = try self.open(self.command.file ?? ".")
        let prefix = self.command.place.path
        let common = ObjectSaving.common(of: prefix)
        var walk = ObjectWalk(self.store, ObjectListRequest(prefix: prefix))
        var (done, failed) = (0, 0)
        while let page = try await self.command.page(&walk) {
            for case .object(let object) in page.entries {
                let relative = String(decoding: object.key.utf8.dropFirst(common), as: UTF8.self)
                do throws(CommandFailure) {
                    try await self.get(object, relative, below: root)
                    done += 1
                } catch {
                    failed += 1
                    if let message = error.message { StandardError.say(message) }
                }
            }
        }
        StandardError.say("\(Counted.text(done, "object")) downloaded, \(failed) failed")
        if failed > 0 { throw CommandFailure(exitCode: 1) }
    }

    private var saving: ObjectSaving {
        ObjectSaving(
            store: self.store, binding: self.command.place.binding, isOverwriting: self.command.isOverwriting)
    }

    private func get(_ object: StoredObject, _ relative: String, below root: DownloadFolder)
        async throws(CommandFailure)
    {
        let shown = SafeName.path(of: relative).joined(separator: "/")
        try await self.report(object, shown: shown) { meter throws(StorageError) in
            try await self.saving.save(object, as: relative, below: root) { meter.show($0) }
        }
    }

    private func fetch(
        _ object: StoredObject, into folder: DownloadFolder, name: String, shown: String
    ) async throws(CommandFailure) {
        try await self.report(object, shown: shown) { meter throws(StorageError) in
            try await self.saving.save(object, in: folder, name: name) { meter.show($0) }
        }
    }

    private func report(
        _ object: StoredObject, shown: String,
        _ save: (ProgressLine) async throws(StorageError) -> Download.Outcome?
    ) async throws(CommandFailure) {
        let meter = ProgressLine(total: object.bytes, name: shown)
        defer { meter.clear() }
        let outcome: Download.Outcome?
        do throws(StorageError) {
            outcome = try await save(meter)
        } catch {
            throw .of(error)
        }
        guard let outcome else { return }
        let resumed = outcome.resumedAt > 0 ? ", resumed at \(outcome.resumedAt)" : ""
        let checked = outcome.digest.map { "verified by \($0)" } ?? "only the size is known to check it by"
        meter.clear()
        StandardError.say("\(shown): \(Counted.text(outcome.bytes, "byte"))\(resumed), \(checked)")
    }
}
