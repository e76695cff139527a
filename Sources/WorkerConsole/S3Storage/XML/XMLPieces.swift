import CXML

/// Reads an XML document piece by piece.
struct XMLPieces: ~Copyable {
    enum Piece: Equatable {
        case start(String)
        case text(String)
        case end
    }

    /// The document is not well formed, or ends early.
    struct Malformed: Error {}

    private let reader: OpaquePointer
    /// Stays where it is as long as the reader, which points into it.
    private let bytes: UnsafeMutableBufferPointer<CChar>
    /// An element whose tag is its end as well.
    private var owesEnd = false

    init(_ document: [UInt8]) throws(Malformed) {
        let bytes = UnsafeMutableBufferPointer<CChar>.allocate(capacity: max(1, document.count))
        document.withUnsafeBytes { UnsafeMutableRawBufferPointer(bytes).copyMemory(from: $0) }
        guard document.count <= Int(Int32.max), let reader = cx_open(bytes.baseAddress, Int32(document.count)) else {
            bytes.deallocate()
            throw Malformed()
        }
        self.reader = reader
        self.bytes = bytes
    }

    deinit {
        cx_close(self.reader)
        self.bytes.deallocate()
    }

    /// - Returns: `nil` behind the document.
    mutating func next() throws(Malformed) -> Piece? {
        if self.owesEnd {
            self.owesEnd = false
            return .end
        }
        while true {
            switch Int(cx_next(self.reader)) {
            case CX_START:
                self.owesEnd = cx_is_empty(self.reader) != 0
                return .start(cx_name(self.reader).map { String(cString: $0) } ?? "")
            case CX_TEXT: return .text(cx_text(self.reader).map { String(cString: $0) } ?? "")
            case CX_END: return .end
            case CX_DONE: return nil
            case CX_FAILED: throw Malformed()
            default: continue
            }
        }
    }
}

/// Takes the texts of an XML document by the names of the elements that they are in.
enum XMLFields {
    /// Elements within each other; deeper documents are not of S3.
    private static let depth = 16

    /// - Parameters:
    ///   - document: Any bytes.
    ///   - visit: Is told the path of each element that ends, and its own text; the document's element comes last.
    /// - Throws: ``XMLPieces/Malformed``.
    static func read(
        _ document: [UInt8], _ visit: (_ path: [String], _ text: String) -> Void
    ) throws(XMLPieces.Malformed) {
        var pieces = try XMLPieces(document)
        var path: [String] = []
        var texts: [String] = []
        var isEmpty = true
        while let piece = try pieces.next() {
            switch piece {
            case .start(let name):
                guard path.count < self.depth else { throw XMLPieces.Malformed() }
                isEmpty = false
                path.append(name)
                texts.append("")
            case .text(let text):
                if !texts.isEmpty { texts[texts.count - 1] += text }
            case .end:
                guard !path.isEmpty else { throw XMLPieces.Malformed() }
                visit(path, texts.removeLast())
                path.removeLast()
            }
        }
        guard !isEmpty, path.isEmpty else { throw XMLPieces.Malformed() }
    }
}
