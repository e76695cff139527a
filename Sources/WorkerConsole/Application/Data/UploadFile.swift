import CommandLineArguments
import Glibc
import WorkerDomain

/// A file that is uploaded; it is open all the time, so that all of it is of one file.
final class UploadFile: UploadSource {
    private let descriptor: Int32
    private let path: String
    let count: Int64

    /// - Throws: ``CommandFailure`` with exit code 2 when it is not a regular file that can be read.
    init(_ path: String) throws(CommandFailure) {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotRun("cannot read \(path): \(SystemReason.text(errno))") }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .cannotRun("cannot read \(path): it is not a file")
        }
        self.descriptor = descriptor
        self.path = path
        self.count = Int64(status.st_size)
    }

    private init(_ descriptor: Int32, path: String, count: Int64) {
        self.descriptor = descriptor
        self.path = path
        self.count = count
    }

    /// Standard input, in a file without a name: its size has to be known, and a part may have to be sent again.
    static func standardInput() throws(CommandFailure) -> UploadFile {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/worker-console-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw .cannotRun("cannot write to \(folder): \(SystemReason.text(errno))") }
        unlink(template)
        var total: Int64 = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count == 0 { break }
            let failure = count < 0 ? errno : DescriptorOutput.write(buffer[..<count], to: descriptor)
            if let failure {
                close(descriptor)
                let what = count < 0 ? "cannot read standard input" : "cannot write to \(folder)"
                throw .cannotRun("\(what): \(SystemReason.text(failure))")
            }
            total += Int64(count)
        }
        return UploadFile(descriptor, path: "-", count: total)
    }

    deinit { close(self.descriptor) }

    func read(at offset: Int64, length: Int) throws(StorageError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            while count < length {
                let start = buffer.baseAddress.map { $0 + count }
                let got = pread(self.descriptor, start, length - count, off_t(offset) + off_t(count))
                if got < 0, errno == EINTR { continue }
                if got <= 0 {
                    failure = got < 0 ? errno : -1
                    return
                }
                count += got
            }
        }
        guard failure == 0 else {
            let reason = failure < 0 ? "it became shorter while it was uploaded" : SystemReason.text(failure)
            throw StorageError(.invalid, operation: "read \(self.path)", reason: reason)
        }
        return bytes
    }
}

/// Content types by the ends of names (IANA's media types).
enum MediaTypes {
    private static let known = [
        "css": "text/css", "csv": "text/csv", "gif": "image/gif", "gz": "application/gzip", "htm": "text/html",
        "html": "text/html", "jpeg": "image/jpeg", "jpg": "image/jpeg", "js": "text/javascript",
        "json": "application/json", "md": "text/markdown", "mp3": "audio/mpeg", "mp4": "video/mp4",
        "ndjson": "application/x-ndjson", "pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml",
        "toml": "application/toml", "txt": "text/plain", "wasm": "application/wasm", "webp": "image/webp",
        "woff2": "font/woff2", "xml": "application/xml", "zip": "application/zip",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]

    /// `nil` for a name that says nothing.
    static func type(of path: String) -> String? {
        let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] } ?? path[...]
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
        return self.known[name[name.index(after: dot)...].lowercased()]
    }
}
