import Foundation

/// One message of the corpus, as raw bytes with a name.
struct DifferentialCase: Sendable {
    /// How a backend's connection goes on after its answer.
    enum Ending: String, Sendable { case stay, close, reset }

    let name: String
    /// What the client sends; for an answer the method of the request that it is given to.
    let method: String
    let ending: Ending
    let bytes: [UInt8]

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Corpus")

    static func requests() throws -> [DifferentialCase] {
        try self.lines(of: "requests.tsv").map {
            DifferentialCase(
                name: $0[0], method: $0[1].hasPrefix("HEAD ") ? "HEAD" : "GET", ending: .stay,
                bytes: self.unescape($0[1]))
        }
    }

    static func answers() throws -> [DifferentialCase] {
        try self.lines(of: "answers.tsv").map {
            DifferentialCase(
                name: $0[0], method: $0[1], ending: Ending(rawValue: $0[2]) ?? .close, bytes: self.unescape($0[3]))
        }
    }

    /// The lines of a table, cut at their tabs.
    static func lines(of file: String) throws -> [[String]] {
        let text = try String(contentsOf: self.folder.appendingPathComponent(file), encoding: .utf8)
        return text.split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// `\r`, `\n`, `\t`, `\\`, `\xNN`, and `{a*9000}` for many of one letter.
    private static func unescape(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x7B, let end = rest.firstIndex(of: 0x7D), let letter = rest.first {
                let count = Int(String(decoding: rest[rest.startIndex..<end].dropFirst(2), as: UTF8.self)) ?? 0
                bytes += Array(repeating: letter, count: count)
                rest = rest[(end + 1)...]
                continue
            }
            guard byte == 0x5C, let kind = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            switch kind {
            case 0x72: bytes.append(0x0D)
            case 0x6E: bytes.append(0x0A)
            case 0x74: bytes.append(0x09)
            case 0x78:
                bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            default: bytes.append(kind)
            }
        }
        return bytes
    }
}
