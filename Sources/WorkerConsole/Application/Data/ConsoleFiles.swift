import Digests
import Glibc
import WorkerDomain

/// The transfers of the console, with the same parts as the commands.
struct ConsoleFiles: ObjectFiles {
    /// The folder that relative paths are below, absolute.
    let folder: String
    /// The person's own folder, for `~`.
    let home: String?
    let trash: ObjectTrash

    /// One read of a store: fine enough for a progress that moves.
    static let pieceSize = 4 << 20
    static let overwriteHint = "Tab in the prompt replaces files"
    /// Parts of a sum of what is to be transferred, before it is said to be unknown.
    private static let sumParts = 200

    func suggestion(for key: String) -> String {
        let isFolder = key.utf8.last == UInt8(ascii: "/")
        let bare = isFolder ? String(decoding: key.utf8.dropLast(), as: UTF8.self) : key
        return SafeName.file(of: bare) ?? "download"
    }

    func md5(_ bytes: [UInt8]) -> String { Digest.hexadecimal(Digest.md5.hash(bytes)) }

    /// A path that a person typed, absolute or below the console's folder.
    func path(_ typed: String) -> String {
        if typed == "~" || typed.hasPrefix("~/"), let home { return home + typed.dropFirst() }
        return typed.hasPrefix("/") ? typed : self.folder + "/" + typed
    }

    // MARK: - Saving

    func save(_ download: ObjectDownload, _ meter: TransferMeter) async throws(StorageError) -> TransferOutcome {
        var saving = ObjectSaving(
            store: download.store, binding: download.binding, isOverwriting: download.isOverwriting)
        saving.pieceSize = Self.pieceSize
        saving.overwriteHint = Self.overwriteHint
        guard !download.path.isEmpty else {
            throw StorageError(.invalid, operation: "save", reason: "no path was given")
        }
        if case .object(let object)? = download.targets.first, download.targets.count == 1 {
            return try await self.save(object, to: download.path, saving, meter)
        }
        return try await self.saveAll(download, saving, meter)
    }

    private func save(
        _ object: StoredObject, to typed: String, _ saving: ObjectSaving, _ meter: TransferMeter
    ) async throws(StorageError) -> TransferOutcome {
        let path = self.path(typed)
        let operation = saving.operation(object.key)
        let own = SafeName.file(of: object.key)
        var target: (folder: DownloadFolder, name: String)?
        if let folder = DownloadFolder(path: path), let own {
            target = (folder, own)
        } else if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
            let name = String(decoding: path.utf8[slash...].dropFirst(), as: UTF8.self)
            let above = String(decoding: path.utf8[...slash], as: UTF8.self)
            if !name.isEmpty, let folder = DownloadFolder(path: above) { target = (folder, name) }
        }
        guard let target else {
            throw StorageError(.notFound, operation: operation, reason: "no such folder: \(typed)")
        }
        meter.expect(objects: 1, bytes: object.bytes)
        meter.begin(object.key)
        let done = try await saving.save(object, in: target.folder, name: target.name) { meter.move(to: $0) }
        meter.finish(bytes: done.bytes)
        var outcome = TransferOutcome()
        Self.note(done, in: &outcome)
        outcome.place = typed
        return outcome
    }

    private static func note(_ done: Download.Outcome?, in outcome: inout TransferOutcome) {
        outcome.objects += 1
        guard let done else { return }
        outcome.bytes += done.bytes
        if done.digest != nil { outcome.verified += 1 }
        if done.resumedAt > 0 { outcome.resumed += 1 }
    }

    private func saveAll(
        _ download: ObjectDownload, _ saving: ObjectSaving, _ meter: TransferMeter
    ) async throws(StorageError) -> TransferOutcome {
        let path = self.path(download.path)
        if mkdir(path, 0o755) != 0, errno != EEXIST {
            throw StorageError(system: errno, operation: "make the folder \(download.path)")
        }
        guard let root = DownloadFolder(path: path) else {
            throw StorageError(system: errno, operation: "open the folder \(download.path)")
        }
        await Self.measure(download.targets, in: download.store, meter)
        let common = Self.common(of: download.targets)
        var outcome = TransferOutcome()
        outcome.place = download.path
        for target in download.targets {
            switch target {
            case .object(let object):
                await self.save(object, common, below: root, saving, meter, &outcome)
            case .prefix(let prefix):
                var walk = ObjectWalk(download.store, ObjectListRequest(prefix: prefix))
                while !Task.isCancelled, let page = try await walk.next() {
                    for case .object(let object) in page.entries where !Task.isCancelled {
                        await self.save(object, common, below: root, saving, meter, &outcome)
                    }
                }
            }
            if Task.isCancelled { break }
        }
        return outcome
    }

    private func save(
        _ object: StoredObject, _ common: Int, below root: DownloadFolder, _ saving: ObjectSaving,
        _ meter: TransferMeter, _ outcome: inout TransferOutcome
    ) async {
        let relative = String(decoding: object.key.utf8.dropFirst(common), as: UTF8.self)
        meter.begin(object.key)
        do throws(StorageError) {
            let done = try await saving.save(object, as: relative, below: root) { meter.move(to: $0) }
            Self.note(done, in: &outcome)
            meter.finish(bytes: done?.bytes ?? 0)
        } catch {
            outcome.fail(object.key, error.reason)
            meter.fail()
        }
    }

    /// How many bytes of each key are the folders that all of them are in.
    static func common(of targets: [ObjectTarget]) -> Int {
        guard let first = targets.first.map({ Array($0.key.utf8) }) else { return 0 }
        var length = first.count
        for target in targets.dropFirst() {
            length = min(length, zip(first, target.key.utf8).prefix { $0 == $1 }.count)
        }
        // The one object that was asked for keeps its name, and of several each its own.
        if targets.count > 1 || first.last != UInt8(ascii: "/") { length = min(length, first.count - 1) }
        let slash = first.prefix(max(0, length)).lastIndex(of: UInt8(ascii: "/"))
        return slash.map { $0 + 1 } ?? 0
    }

    /// Tells the meter how much there is, unless that is too much to count first.
    static func measure(_ targets: [ObjectTarget], in store: any ObjectStore, _ meter: TransferMeter) async {
        var total = ObjectScan.Sum()
        var parts = 0
        for target in targets {
            switch target {
            case .object(let object): total.add(object)
            case .prefix(let prefix):
                var scan = ObjectScan(prefix: prefix, time: .milliseconds(200))
                repeat {
                    parts += 1
                    guard parts <= Self.sumParts, let sum = try? await store.sum(scan) else { return }
                    total.objects += sum.objects
                    total.add(bytes: sum.bytes)
                    if sum.nextCursor.hasSameBytes(as: scan.cursor), sum.nextCursor != nil { return }
                    scan.cursor = sum.nextCursor
                } while scan.cursor != nil && !Task.isCancelled
            }
        }
        meter.expect(objects: total.objects, bytes: total.bytes)
    }

    // MARK: - Verifying

    func verify(
        _ object: StoredObject, of store: any ObjectStore, _ meter: TransferMeter
    ) async throws(StorageError) -> TransferOutcome {
        // A listing may not tell every digest.
        let whole = object.hasMetadata ? object : try await store.head(object.key) ?? object
        meter.expect(objects: 1, bytes: whole.bytes)
        meter.begin(whole.key)
        let digests = try await ObjectDigests(whole).read(store, meter)
        meter.finish(bytes: whole.bytes)
        var outcome = TransferOutcome()
        outcome.objects = 1
        outcome.bytes = whole.bytes
        outcome.verdicts = digests
        return outcome
    }

    // MARK: - Writing

    func upload(_ upload: FileUpload, _ meter: TransferMeter) async throws(StorageError) -> TransferOutcome {
        try await FolderUpload(upload, path: self.path(upload.path)).run(meter)
    }

    func remove(_ removal: ObjectDeletion, _ meter: TransferMeter) async throws(StorageError) -> TransferOutcome {
        try await self.trash.remove(removal, meter)
    }

    func restore(
        _ trashed: TrashedObjects, to store: any ObjectStore, _ writer: any ObjectWriter, _ meter: TransferMeter
    ) async throws(StorageError) -> TransferOutcome {
        try await self.trash.restore(trashed, to: store, writer, meter)
    }
}
