import TextSafety
import WorkerDomain

/// What differs between two responses to the same request, without values that grant access.
struct ResponseComparison {
    /// Members of JSON that may differ, at any depth.
    let ignoredKeys: [String]

    /// Fields that differ from one response to the next, or say how it came.
    private static let passing: Set<String> = [
        "date", "server", "age", "etag", "last-modified", "expires", "connection", "keep-alive", "transfer-encoding",
        "content-length", "content-encoding", "set-cookie", "via", "cf-ray", "cf-cache-status", "nel", "report-to",
        "alt-svc", "x-request-id", "x-response-time", "x-runtime", "server-timing", "traceparent", "x-powered-by",
    ]
    /// Fields whose value is a list of names: neither their order nor their case means anything.
    private static let lists: Set<String> = [
        "access-control-allow-methods", "access-control-allow-headers", "access-control-expose-headers", "vary",
        "allow",
    ]
    private static let limit = 20

    /// A sentence each: the left response is the one that was wanted.
    func differences(_ left: CheckResponse, _ right: CheckResponse) -> [String] {
        var found: [String] = []
        if left.status != right.status { found.append("status \(right.status) instead of \(left.status)") }
        let (one, other) = (Self.fields(left), Self.fields(right))
        for name in Set(one.keys).union(other.keys).sorted() {
            switch (one[name], other[name]) {
            case (let value?, nil): found.append("the field \(name) is missing: \(Self.shown(value, of: name))")
            case (nil, let value?): found.append("the field \(name) is additional: \(Self.shown(value, of: name))")
            case (let old?, let new?) where !Self.isSame(old, new, in: name):
                let (one, other) = (Self.shown(old, of: name), Self.shown(new, of: name))
                found.append("the field \(name) is \(other) instead of \(one)")
            default: break
            }
        }
        return Array((found + self.body(left, right)).prefix(Self.limit))
    }

    private static func isSame(_ left: String, _ right: String, in field: String) -> Bool {
        guard self.lists.contains(field) else { return left.hasSameBytes(as: right) }
        func names(_ text: String) -> Set<ByteString> {
            Set(text.lowercased().split(separator: ",").map { ByteString($0.filter { !$0.isWhitespace }) })
        }
        return names(left) == names(right)
    }

    /// By lowercase names; values of several fields joined.
    private static func fields(_ response: CheckResponse) -> [String: String] {
        var fields: [String: String] = [:]
        for field in MessageHead(response.head).fields {
            let name = field.name.lowercased()
            guard !self.passing.contains(name) else { continue }
            fields[name] = fields[name].map { $0 + ", " + field.value } ?? field.value
        }
        return fields
    }

    private func body(_ left: CheckResponse, _ right: CheckResponse) -> [String] {
        if left.body == right.body { return [] }
        if let one = try? JSONCParser.parse(left.body), let other = try? JSONCParser.parse(right.body),
            Self.isJSON(left) || Self.isJSON(right)
        {
            var found: [String] = []
            self.compare(one, other, at: "", into: &found)
            return found
        }
        return ["the body differs: \(right.body.count) bytes instead of \(left.body.count)"]
    }

    private static func isJSON(_ response: CheckResponse) -> Bool {
        let type = MessageHead(response.head).value(of: "Content-Type")?.lowercased() ?? ""
        return type.contains("json") || response.body.first == UInt8(ascii: "{")
            || response.body.first == UInt8(ascii: "[")
    }

    private func compare(
        _ left: ConfigurationValue, _ right: ConfigurationValue, at path: String, into found: inout [String]
    ) {
        guard found.count < Self.limit else { return }
        switch (left.content, right.content) {
        case (.table(let one), .table(let other)):
            let (old, new) = (Self.members(one), Self.members(other))
            for key in Set(old.keys).union(new.keys).sorted()
            where !self.ignoredKeys.contains(where: { $0.hasSameBytes(as: key.text) }) {
                let place = path.isEmpty ? key.text : "\(path).\(key.text)"
                switch (old[key], new[key]) {
                case (let value?, let changed?): self.compare(value, changed, at: place, into: &found)
                case (_?, nil): found.append("the member \(place) is missing")
                default: found.append("the member \(place) is additional")
                }
            }
        case (.array(let one), .array(let other)):
            if one.count != other.count {
                found.append("\(Self.name(path)) has \(other.count) elements instead of \(one.count)")
            }
            for (index, pair) in zip(one, other).enumerated() {
                self.compare(pair.0, pair.1, at: "\(path)[\(index)]", into: &found)
            }
        default:
            guard left.content != right.content else { return }
            let (one, other) = (Self.shown(left, at: path), Self.shown(right, at: path))
            found.append("the member \(Self.name(path)) is \(other) instead of \(one)")
        }
    }

    private static func name(_ path: String) -> String { path.isEmpty ? "$" : path }

    private static func members(_ members: [ConfigurationValue.Member]) -> [ByteString: ConfigurationValue] {
        Dictionary(members.map { (ByteString($0.key), $0.value) }, uniquingKeysWith: { $1 })
    }

    /// A value of a header field.
    private static func shown(_ value: String, of field: String) -> String {
        String(Redaction.standard.text(Redaction.standard.value(value, of: field)).prefix(300))
    }

    /// A value of JSON; any member on the way to it may be the telling one.
    private static func shown(_ value: ConfigurationValue, at path: String) -> String {
        let text = value.json()
        let names = path.split { $0 == "." || $0 == "[" || $0 == "]" }
        if names.contains(where: { Redaction.standard.hides(member: String($0), text: value.string ?? text) }) {
            return Redaction.mask
        }
        let shown = Redaction.standard.text(text)
        return shown.count > 60 ? String(shown.prefix(60)) + "…" : shown
    }
}
