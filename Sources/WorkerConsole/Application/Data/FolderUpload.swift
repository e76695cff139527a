import CommandLineArguments
import Glibc
import WorkerDomain

/// Stores a file, or all regular files below a folder, under keys below a prefix. Links are not followed.
struct FolderUpload {
    private let upload: FileUpload
    private let path: String

    /// Files of one upload.
    private static let largest = 100_000
    private static let deepest = 64

    private struct Item {
        let path: String
        let key: String
        let bytes: Int64
    }

    init(_ upload: FileUpload, path: String) {
        self.upload = upload
        self.path = path
    }

    func run(_ meter: TransferMeter) async throws(StorageError) -> TransferOutcome {
        let items = try self.items()
        meter.expect(objects: items.count, bytes: items.reduce(0) { $0 + $1.bytes })
        var outcome = TransferOutcome()
        for item in items where !Task.isCancelled {
            meter.begin(item.key)
            do throws(StorageError) {
                try await self.store(item, meter)
                outcome.objects += 1
                outcome.bytes += item.bytes
                meter.finish(bytes: item.bytes)
            } catch {
                outcome.fail(item.key, error.reason)
                meter.fail()
            }
        }
        return outcome
    }

    private func store(_ item: Item, _ meter: TransferMeter) async throws(StorageError) {
        let operation = "put r2:\(self.upload.binding)/\(item.key)"
        if !self.upload.isOverwriting, try await self.upload.store.head(item.key) != nil {
            let reason = "it already exists; \(ConsoleFiles.overwriteHint)"
            throw StorageError(.invalid, operation: operation, reason: reason)
        }
        let file: UploadFile
        do throws(CommandFailure) {
            file = try UploadFile(item.path)
        } catch {
            throw StorageError(.invalid, operation: operation, reason: error.message ?? "it cannot be read")
        }
        meter.move(to: 0)
        let upload = ObjectUpload(
            key: item.key, source: file, http: ObjectHTTPMetadata(contentType: MediaTypes.type(of: item.path)))
        _ = try await self.upload.writer.put(upload) { meter.move(to: $0) }
    }

    /// The files and their keys.
    /// - Throws: `StorageError` — `.notFound`, `.limit`, `.invalid` for what is neither a file nor a folder.
    private func items() throws(StorageError) -> [Item] {
        let operation = "upload \(self.upload.path)"
        var status = stat()
        guard stat(self.path, &status) == 0 else {
            let code = errno
            guard code == ENOENT || code == ENOTDIR else { throw StorageError(system: code, operation: operation) }
            throw StorageError(.notFound, operation: operation, reason: "no such file or folder: \(self.upload.path)")
        }
        let bare = self.path.utf8.last == UInt8(ascii: "/") ? String(self.path.utf8.dropLast()) ?? self.path : self.path
        let name = bare.utf8.lastIndex(of: UInt8(ascii: "/")).map {
            String(decoding: bare.utf8[$0...].dropFirst(), as: UTF8.self)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            return [Item(path: self.path, key: self.upload.prefix + (name ?? bare), bytes: Int64(status.st_size))]
        case S_IFDIR:
            var items: [Item] = []
            // The files of a folder keep its name, as a copied folder does.
            let isNamed = name != nil && name != "." && name != ".."
            let prefix = self.upload.prefix + (isNamed ? "\(name ?? "")/" : "")
            try self.collect(bare, prefix, 0, &items, operation)
            return items.sorted { ByteString($0.key) < ByteString($1.key) }
        default:
            throw StorageError(.invalid, operation: operation, reason: "it is neither a file nor a folder")
        }
    }

    private func collect(
        _ folder: String, _ prefix: String, _ depth: Int, _ items: inout [Item], _ operation: String
    ) throws(StorageError) {
        guard depth < Self.deepest else { return }
        guard let stream = opendir(folder) else { throw StorageError(system: errno, operation: operation) }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let bytes = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: UInt8.self, capacity: 256) {
                    Array(UnsafeBufferPointer(start: $0, count: 256).prefix { $0 != 0 })
                }
            }
            // A key is UTF-8: a name that is not has none.
            guard let name = String(validating: bytes, as: UTF8.self), name != ".", name != ".." else { continue }
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try self.collect("\(folder)/\(name)", "\(prefix)\(name)/", depth + 1, &items, operation)
            case S_IFREG:
                guard items.count < Self.largest else {
                    throw StorageError(.limit, operation: operation, reason: "more than 100,000 files")
                }
                items.append(
                    Item(path: "\(folder)/\(name)", key: prefix + name, bytes: Int64(status.st_size)))
            default: break
            }
        }
    }
}
