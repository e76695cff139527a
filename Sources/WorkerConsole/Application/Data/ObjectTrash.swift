import Glibc
import Synchronization
import WorkerDomain

/// Keeps copies of deleted objects of local stores until the console ends.
final class ObjectTrash: Sendable {
    /// Below the program's state folder; each console has one of its own.
    private let folder: String
    private let parent: String
    private let count = Mutex(0)

    init(stateFolder: String) {
        self.parent = stateFolder + "/trash"
        self.folder = self.parent + "/\(getpid())"
    }

    deinit { self.empty() }

    /// Removes everything that this console has put there.
    func empty() { Self.remove(self.folder, depth: 0) }

    // MARK: - Deleting

    func remove(_ removal: ObjectDeletion, _ meter: TransferMeter) async throws(StorageError) -> TransferOutcome {
        let total = removal.objects.reduce(Int64(0)) { $0.addingReportingOverflow($1.bytes).partialValue }
        meter.expect(objects: removal.objects.count, bytes: total)
        let keeps = removal.usesTrash && total <= ObjectDeletion.largestTrash
        var outcome = TransferOutcome()
        var kept: [(object: StoredObject, file: Int)] = []
        var next = 0
        let place = keeps ? try self.makeFolder() : ""
        for start in stride(from: 0, to: removal.objects.count, by: keeps ? 100 : 1_000) where !Task.isCancelled {
            var batch = Array(removal.objects[start...].prefix(keeps ? 100 : 1_000))
            if keeps {
                var held: [StoredObject] = []
                for object in batch where !Task.isCancelled {
                    do throws(StorageError) {
                        let whole = try await self.keep(
                            object, of: removal, as: "\(place)/\(next + held.count)", meter)
                        held.append(whole)
                    } catch {
                        // What cannot be kept is not deleted.
                        outcome.fail(object.key, error.reason)
                    }
                }
                batch = held
            }
            guard !batch.isEmpty, !Task.isCancelled else { continue }
            let refused: [ObjectRefusal]
            do throws(StorageError) {
                refused = try await removal.writer.delete(unchanged: batch)
            } catch {
                // What was deleted before it can still be brought back.
                guard outcome.objects > 0 else { throw error }
                for object in batch { outcome.fail(object.key, error.reason) }
                break
            }
            for refusal in refused { outcome.fail(refusal.key, refusal.reason) }
            let left = Set(refused.map { ByteString($0.key) })
            for (offset, object) in batch.enumerated() where !left.contains(ByteString(object.key)) {
                if keeps { kept.append((object, next + offset)) }
                outcome.objects += 1
                outcome.bytes += object.bytes
                if !keeps { meter.begin(object.key) }
                meter.finish(bytes: object.bytes)
            }
            next += batch.count
        }
        if keeps, !kept.isEmpty {
            outcome.trashed = TrashedObjects(folder: place, objects: kept.map(\.object), files: kept.map(\.file))
        }
        return outcome
    }

    /// Copies an object; an object that is another one by now is left alone.
    private func keep(
        _ object: StoredObject, of removal: ObjectDeletion, as path: String, _ meter: TransferMeter
    ) async throws(StorageError) -> StoredObject {
        let operation = "delete r2:\(removal.binding)/\(object.key)"
        meter.begin(object.key)
        let whole = object.hasMetadata ? object : try await removal.store.head(object.key) ?? object
        guard whole.isSameVersion(as: object) else {
            throw StorageError(.locked, operation: operation, reason: ObjectRefusal.rewritten)
        }
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StorageError(system: errno, operation: operation) }
        defer { close(file) }
        var offset: Int64 = 0
        while offset < whole.bytes {
            let length = Int(min(Int64(ConsoleFiles.pieceSize), whole.bytes - offset))
            let part = try await removal.store.read(whole.key, offset: offset, length: length)
            guard part.object.isSameVersion(as: whole), part.bytes.count == length else {
                throw StorageError(.locked, operation: operation, reason: ObjectRefusal.rewritten)
            }
            var rest = part.bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw StorageError(system: errno, operation: operation) }
                rest = rest.dropFirst(count)
            }
            offset += Int64(length)
        }
        return whole
    }

    // MARK: - Restoring

    func restore(
        _ trashed: TrashedObjects, to store: any ObjectStore, _ writer: any ObjectWriter, _ meter: TransferMeter
    ) async throws(StorageError) -> TransferOutcome {
        meter.expect(objects: trashed.objects.count, bytes: trashed.objects.reduce(0) { $0 + $1.bytes })
        var outcome = TransferOutcome()
        for (object, number) in zip(trashed.objects, trashed.files) where !Task.isCancelled {
            meter.begin(object.key)
            do throws(StorageError) {
                if try await store.head(object.key) != nil {
                    let reason = "a key of this name is there again"
                    throw StorageError(.invalid, operation: "restore \(object.key)", reason: reason)
                }
                let file = try TrashFile(path: "\(trashed.folder)/\(number)", bytes: object.bytes)
                meter.move(to: 0)
                _ = try await writer.put(
                    ObjectUpload(key: object.key, source: file, http: object.http, custom: object.custom)
                ) { meter.move(to: $0) }
                outcome.objects += 1
                outcome.bytes += object.bytes
                meter.finish(bytes: object.bytes)
            } catch {
                outcome.fail(object.key, error.reason)
                meter.fail()
            }
        }
        // What was not brought back can be tried again.
        if outcome.failed == 0, !Task.isCancelled { Self.remove(trashed.folder, depth: 0) }
        return outcome
    }

    // MARK: - Folders

    /// A folder for one deletion.
    private func makeFolder() throws(StorageError) -> String {
        let number = self.count.withLock { count in
            count += 1
            return count
        }
        if number == 1 { self.removeAbandoned() }
        let place = "\(self.folder)/\(number)"
        var path = ""
        for part in place.split(separator: "/") {
            path += "/\(part)"
            if mkdir(path, 0o700) != 0, errno != EEXIST {
                throw StorageError(system: errno, operation: "make the trash folder \(path)")
            }
        }
        return place
    }

    /// Removes the trash of consoles that did not end by themselves.
    private func removeAbandoned() {
        guard let stream = opendir(self.parent) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let process = pid_t(name), process > 0, kill(process, 0) != 0, errno == ESRCH else { continue }
            Self.remove("\(self.parent)/\(name)", depth: 0)
        }
    }

    /// Removes what this program made: files in folders of numbers, two levels deep at most.
    private static func remove(_ folder: String, depth: Int) {
        guard depth < 2, let stream = opendir(folder) else { return }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard Int(name) != nil else { continue }
            if unlink("\(folder)/\(name)") != 0 { self.remove("\(folder)/\(name)", depth: depth + 1) }
        }
        closedir(stream)
        rmdir(folder)
    }
}

/// The bytes of an object in the trash.
private struct TrashFile: UploadSource {
    let count: Int64
    private let file: UploadFile

    init(path: String, bytes: Int64) throws(StorageError) {
        guard let file = try? UploadFile(path), file.count == bytes else {
            throw StorageError(.notFound, operation: "restore", reason: "its copy in the trash is gone")
        }
        self.file = file
        self.count = bytes
    }

    func read(at offset: Int64, length: Int) throws(StorageError) -> [UInt8] {
        try self.file.read(at: offset, length: length)
    }
}
