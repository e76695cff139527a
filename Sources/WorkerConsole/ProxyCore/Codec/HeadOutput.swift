/// Writes the pieces of a head into memory that was asked for once, instead of asking again for every piece.
struct HeadOutput {
    private let bytes: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ bytes: UnsafeMutableRawBufferPointer) {
        self.bytes = bytes
    }

    /// - Precondition: The pieces fit; whoever makes this writer asks for the most that they can come to.
    @inline(__always)
    mutating func writeBytes(_ piece: UnsafeRawBufferPointer) {
        guard let source = piece.baseAddress else { return }
        precondition(piece.count <= self.bytes.count - self.count, "a head is longer than what was reserved for it")
        UnsafeMutableRawBufferPointer(rebasing: self.bytes[self.count...]).baseAddress?
            .copyMemory(from: source, byteCount: piece.count)
        self.count += piece.count
    }

    @inline(__always)
    mutating func writeByte(_ byte: UInt8) {
        precondition(self.count < self.bytes.count, "a head is longer than what was reserved for it")
        self.bytes[self.count] = byte
        self.count += 1
    }

    @inline(__always)
    mutating func writeBytes(_ piece: [UInt8]) {
        piece.withUnsafeBytes { self.writeBytes($0) }
    }

    mutating func writeText(_ piece: String) {
        var piece = piece
        piece.withUTF8 { self.writeBytes(UnsafeRawBufferPointer($0)) }
    }

    /// What has been written.
    var written: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self.bytes[..<self.count]) }

    @inline(__always)
    mutating func writeStaticString(_ piece: StaticString) {
        self.writeBytes(UnsafeRawBufferPointer(start: piece.utf8Start, count: piece.utf8CodeUnitCount))
    }
}
