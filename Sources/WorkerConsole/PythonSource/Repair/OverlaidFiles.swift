/// The project's files with one of them replaced.
struct OverlaidFiles: EntrypointFiles {
    let base: any EntrypointFiles
    let path: String
    let bytes: [UInt8]

    func bytes(_ path: String) -> [UInt8]? { path == self.path ? self.bytes : self.base.bytes(path) }
    func isFolder(_ path: String) -> Bool { self.base.isFolder(path) }
    var memo: SourceMemo? { self.base.memo }
}
