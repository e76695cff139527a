import PythonSource
import WorkerDomain

extension CheckContext {
    /// The lines around a place: `worker.py:12:1`, `wrangler.toml:3`.
    /// - Returns: `nil` for a place without a line, and for a file that cannot be read.
    func excerpt(at place: String) -> SourceExcerpt? {
        var parts = place.split(separator: ":", omittingEmptySubsequences: false)
        var numbers: [Int] = []
        while parts.count > 1, numbers.count < 2, let number = parts.last.flatMap({ Int($0) }) {
            numbers.insert(number, at: 0)
            parts.removeLast()
        }
        let file = parts.joined(separator: ":")
        guard let line = numbers.first, let bytes = self.bytes(of: file) else { return nil }
        // What is hidden is hidden as part of the whole text, which knows more of what is a secret.
        return SourceExcerpt(of: file, self.memo.shownText(of: bytes), line: line)
    }

    /// The file and the line of a place; line 1 when it names a file alone.
    func location(of place: String) -> CheckLocation? {
        var parts = place.split(separator: ":", omittingEmptySubsequences: false)
        var numbers: [Int] = []
        while parts.count > 1, numbers.count < 2, let number = parts.last.flatMap({ Int($0) }) {
            numbers.insert(number, at: 0)
            parts.removeLast()
        }
        let file = parts.joined(separator: ":")
        guard self.bytes(of: file) != nil else { return nil }
        let folders = [self.source?.files.folder, self.folder].compactMap { $0 }
        guard let path = folders.map({ $0 + "/" + file }).first(where: { BoundedFile.exists($0) }) else { return nil }
        return CheckLocation(path: path, line: max(1, numbers.first ?? 1))
    }

    /// A file that a place names: main, or one of the configuration's folder.
    private func bytes(of file: String) -> [UInt8]? {
        guard !file.isEmpty, !file.hasPrefix("/"), !file.split(separator: "/").contains("..") else { return nil }
        if let source = self.source, let bytes = source.files.bytes(file) { return bytes }
        return ProjectFiles(project: self.folder, folder: self.folder).bytes(file)
    }
}
