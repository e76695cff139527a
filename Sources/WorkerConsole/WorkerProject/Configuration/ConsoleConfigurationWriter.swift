package import WorkerDomain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Changes `worker-console.toml` and leaves everything else in it byte for byte as the user wrote it.
///
/// The new text goes to a file beside it, is synced, and takes the old one's place at once.
package struct ConsoleConfigurationWriter: Sendable {
    /// Why nothing was changed.
    package struct WriteError: Error, Sendable, Equatable, CustomStringConvertible {
        package let description: String
        init(_ description: String) { self.description = description }
    }

    /// Absolute path of the file; it is created when it doesn't exist.
    package let path: String

    package init(path: String) { self.path = path }

    static let nameRule = "use 1 to 64 of A–Z a–z 0–9 . _ -"

    /// 1 to 64 of `A–Z a–z 0–9 . _ -`.
    package static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0)
                    || [45, 46, 95].contains($0)
            }
    }

    /// Appends a backend; the first one becomes active by being the first.
    /// - Throws: ``WriteError`` when the name is taken, or the file can't be read or written; then nothing has changed.
    package func add(_ backend: Backend) throws(WriteError) {
        guard Self.isName(backend.name) else {
            throw WriteError("\"\(backend.name)\" is not a valid name for a backend: \(Self.nameRule)")
        }
        let (bytes, root) = try self.current()
        if root["backends"]?[backend.name] != nil { throw WriteError("a backend \"\(backend.name)\" already exists") }
        let newline = bytes.contains(13) ? "\r\n" : "\n"
        var text = bytes
        if let last = text.last, last != 10 { text += Array(newline.utf8) }
        let gap = bytes.isEmpty ? "" : newline
        let name = backend.name.contains(".") ? ConfigurationValue.quoted(backend.name) : backend.name
        let url = ConfigurationValue.quoted(backend.url.description)
        text += Array("\(gap)[backends.\(name)]\(newline)url = \(url)\(newline)".utf8)
        try self.replace(
            with: text, expecting: { $0["backends"]?[backend.name]?["url"]?.string == backend.url.description })
    }

    /// Makes a backend of the file the one that new requests go to.
    /// - Throws: ``WriteError`` when there is none of that name, or the file can't be read or written.
    package func setActive(_ name: String) throws(WriteError) {
        let (bytes, root) = try self.current()
        guard root["backends"]?[name] != nil else {
            throw WriteError("no backend \"\(name)\" in \(self.path)")
        }
        let line = "active = \(ConfigurationValue.quoted(name))"
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
        if let old = root["active"], let position = old.position, position.line <= lines.count, let text = old.string {
            var scalars = Array(String(decoding: lines[position.line - 1], as: UTF8.self).unicodeScalars)
            let start = position.column - 1
            let length = text.unicodeScalars.count + 2
            guard start >= 0, start + length <= scalars.count else {
                throw WriteError("active is written in a form that cannot be edited here")
            }
            scalars.replaceSubrange(
                start..<(start + length), with: Array(ConfigurationValue.quoted(name).unicodeScalars))
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            lines[position.line - 1] = Array(String(view).utf8)
        } else {
            // A key of the top level has to stand before the first table; the first line always does.
            let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
            if hasMark { lines[0].removeFirst(3) }
            let mark: [UInt8] = hasMark ? [0xEF, 0xBB, 0xBF] : []
            lines.insert(mark + Array(line.utf8) + (bytes.contains(13) ? [13] : []), at: 0)
        }
        try self.replace(with: Array(lines.joined(separator: [10])), expecting: { $0["active"]?.string == name })
    }

    private func current() throws(WriteError) -> ([UInt8], ConfigurationValue) {
        do {
            let bytes = try BoundedFile.read(self.path)
            return (bytes, try TOMLReader.parse(bytes))
        } catch let problem as BoundedFile.Problem {
            if problem == .missing { return ([], ConfigurationValue(.table([]))) }
            throw WriteError("\(self.path): \(problem)")
        } catch let error as ConfigurationSyntaxError {
            throw WriteError("\(self.path):\(error.position?.line ?? 1): \(error.message); fix the file first")
        } catch {
            throw WriteError("\(self.path): \(error)")
        }
    }

    private func replace(
        with bytes: [UInt8], expecting isRight: (ConfigurationValue) -> Bool
    ) throws(WriteError) {
        guard let root = try? TOMLReader.parse(bytes), isRight(root) else {
            throw WriteError("\(self.path) is written in a form that cannot be edited here; add the backend by hand")
        }
        // A symbolic link stays one: its target is replaced.
        var target = self.path
        if let real = realpath(self.path, nil) {
            target = String(cString: real)
            free(real)
        }
        var status = stat()
        let mode = stat(target, &status) == 0 ? status.st_mode & 0o7777 : 0o644
        var template = Array("\(target).XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw WriteError("\(self.path) cannot be written: \(SystemReason.text(errno))")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var offset = 0
        var isWritten = fchmod(descriptor, mode) == 0
        while isWritten, offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { isWritten = false } else { offset += count }
        }
        isWritten = isWritten && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard isWritten, rename(template, target) == 0 else {
            let reason = SystemReason.text(isWritten ? errno : code)
            unlink(template)
            throw WriteError("\(self.path) cannot be written: \(reason)")
        }
    }
}
