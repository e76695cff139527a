import TestOrigin
import WorkerDomain

/// What became of one case at one proxy, in words that can be compared.
struct Outcome: Sendable, Equatable {
    /// `refused 400, closed` or `forwarded, kept`.
    var verdict: String
    /// The messages that arrived at the other side, without what every hop sets itself.
    var arrived: [String]
    /// What is wrong whatever the others do; only ours is held to it.
    var violation: String?

    /// The verdict, and what arrived, for a table.
    var text: String { ([self.verdict] + self.arrived.map { "`\($0)`" }).joined(separator: " · ") }

    /// The same in what matters: another status for the same refusal is no difference.
    func agrees(with other: Outcome) -> Bool {
        func core(_ verdict: String) -> String {
            ["refused", "dropped", "cut off"].contains { verdict.hasPrefix($0) } ? "refused" : verdict
        }
        return core(self.verdict) == core(other.verdict) && self.arrived == other.arrived
    }
}

/// Answers as a client reads them one after the other.
struct AnswerReader {
    struct Answer: Sendable {
        let status: Int
        let head: [UInt8]
        let body: [UInt8]
        let isComplete: Bool
    }

    /// Reads what came on a connection until it ended, for requests with these methods.
    static func read(_ received: [UInt8], methods: [String]) -> (answers: [Answer], rest: [UInt8]) {
        var answers: [Answer] = []
        var rest = received
        var finals = 0
        while !rest.isEmpty, let end = RawMessage.headEnd(rest) {
            let bytes = Array(rest[..<end])
            let head = MessageHead(bytes)
            let status = Int(head.startLine.dropFirst(9).prefix(3)) ?? 0
            rest = Array(rest[end...])
            let isToHead = finals < methods.count && methods[finals] == "HEAD"
            if status >= 200 { finals += 1 }
            if status < 200 || status == 204 || status == 304 || isToHead {
                answers.append(Answer(status: status, head: bytes, body: [], isComplete: true))
                continue
            }
            let hasLength = head.value(of: "Content-Length") != nil || head.value(of: "Transfer-Encoding") != nil
            if hasLength, let payload = RawMessage.payload(of: rest, head: head) {
                answers.append(Answer(status: status, head: bytes, body: payload.bytes, isComplete: true))
                rest = Array(rest[payload.length...])
                continue
            }
            answers.append(Answer(status: status, head: bytes, body: rest, isComplete: !hasLength))
            rest = []
        }
        return (answers, rest)
    }
}

/// What is compared of a message's fields.
enum Normal {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes {
            switch byte {
            case 0x20...0x5B, 0x5D...0x5F, 0x61...0x7B, 0x7D...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return text.utf8.count > 60 ? "\(text.prefix(40))… (\(text.utf8.count))" : text
    }

    /// The fields of the case's own, which begin with `X-` or are cookies.
    static func fields(_ head: [UInt8]) -> String {
        var lines: [String] = []
        var names: [String] = []
        for line in head.split(separator: 0x0A).dropFirst() {
            let bytes = line.last == 0x0D ? line.dropLast() : line
            let name = bytes.prefix { $0 != 0x3A }
            let word = String(decoding: name, as: UTF8.self).lowercased()
            let isOwn =
                word.hasPrefix("x")
                && !["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip"].contains(word)
            guard isOwn || word == "set-cookie" || word == "proxy" || word == "te" else { continue }
            let value = bytes.dropFirst(name.count + 1).drop { $0 == 0x20 || $0 == 0x09 }
            names.append(word)
            lines.append("\(self.text(word.utf8)): \(self.text(value))")
        }
        return lines.count > 5
            ? " with \(lines.count) fields" : lines.isEmpty ? "" : " with " + lines.joined(separator: ", ")
    }
}
