import Glibc
import PythonSource
package import WorkerDomain

/// Writes a repair to disk: each file at once or not at all, and a copy of it as it was stays beside it.
package enum RepairWriter {
    /// Changes the files of a repair.
    ///
    /// Nothing is written when a file is no longer what the repair was made for. A file that cannot be written ends the
    /// work; what was written before it is put back.
    /// - Parameters:
    ///   - repair: What to write.
    ///   - folder: The project; no file outside of it is changed.
    /// - Returns: The names of the copies, or why nothing was changed.
    package static func apply(_ repair: CheckRepair, in folder: String) -> CheckRepairOutcome {
        var targets: [(file: CheckRepair.File, path: String)] = []
        guard let root = self.real(folder) else { return .refused("\(folder): it does not exist") }
        for file in repair.files {
            guard let path = self.real(file.path) else { return .refused("\(file.name): it does not exist") }
            guard path.utf8.starts(with: (root == "/" ? root : root + "/").utf8) else {
                return .refused("\(file.name): it is outside the project's folder")
            }
            guard let bytes = try? BoundedFile.read(path, limit: SourceText.limit), bytes == file.original else {
                return .refused("\(file.name) has changed since it was checked; run the checks again")
            }
            targets.append((file, path))
        }
        var done: [(path: String, backup: String)] = []
        for (file, path) in targets {
            do throws(Failure) {
                done.append((path, try self.replace(path, with: file.repaired)))
            } catch {
                for (path, backup) in done.reversed() { rename(backup, path) }
                return .refused("\(file.name): \(error.step): \(SystemReason.text(error.code))")
            }
        }
        return .applied(backups: done.map { String($0.backup.split(separator: "/").last ?? "") })
    }

    private struct Failure: Error {
        let step: String
        let code: Int32
    }

    private static func real(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// - Returns: The path of the copy.
    private static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { throw Failure(step: "it cannot be read", code: errno) }
        // The file's own permission decides, although a rename would not ask for it.
        guard access(path, W_OK) == 0 else { throw Failure(step: "it cannot be written", code: errno) }
        var template = Array((path + ".XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Failure(step: "a file beside it cannot be made", code: errno) }
        let temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do throws(Failure) {
            defer { close(descriptor) }
            try self.write(bytes, to: descriptor)
            guard fchmod(descriptor, status.st_mode & 0o7777) == 0 else {
                throw Failure(step: "its permissions cannot be kept", code: errno)
            }
            var own = stat()
            if fstat(descriptor, &own) == 0, own.st_uid != status.st_uid || own.st_gid != status.st_gid,
                fchown(descriptor, status.st_uid, status.st_gid) != 0
            {
                throw Failure(step: "its owner cannot be kept", code: errno)
            }
            guard fsync(descriptor) == 0 else { throw Failure(step: "it cannot be written", code: errno) }
        } catch {
            unlink(temporary)
            throw error
        }
        do throws(Failure) {
            let backup = try self.keep(path)
            guard rename(temporary, path) == 0 else {
                let code = errno
                unlink(backup)
                throw Failure(step: "it cannot be replaced", code: code)
            }
            return backup
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(step: "it cannot be written", code: errno) }
            offset += count
        }
    }

    /// Gives the file as it is a second name: `worker.py.bak`, or the first free number behind it.
    private static func keep(_ path: String) throws(Failure) -> String {
        for number in 0..<1_000 {
            let backup = path + (number == 0 ? ".bak" : ".\(number).bak")
            if link(path, backup) == 0 { return backup }
            if errno == EEXIST { continue }
            // A file system without hard links.
            guard [EPERM, ENOTSUP, EOPNOTSUPP, EMLINK, ENOSYS].contains(errno) else {
                throw Failure(step: "a copy of it cannot be made", code: errno)
            }
            let descriptor = open(backup, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor < 0, errno == EEXIST { continue }
            guard descriptor >= 0 else { throw Failure(step: "a copy of it cannot be made", code: errno) }
            defer { close(descriptor) }
            guard let bytes = try? BoundedFile.read(path, limit: SourceText.limit) else {
                throw Failure(step: "a copy of it cannot be made", code: EIO)
            }
            try self.write(bytes, to: descriptor)
            return backup
        }
        throw Failure(step: "a copy of it cannot be made", code: EEXIST)
    }
}
