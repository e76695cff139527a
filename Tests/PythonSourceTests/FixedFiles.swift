import PythonSource

/// Files that are given as they are.
struct FixedFiles: EntrypointFiles {
    let files: [String: [UInt8]]

    init(_ files: [String: [UInt8]]) { self.files = files }

    func bytes(_ path: String) -> [UInt8]? { self.files[path] }
    func isFolder(_ path: String) -> Bool { self.files.keys.contains { $0.hasPrefix(path + "/") } }
}
