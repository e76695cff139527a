/// `NAME=VALUE` on a command line: a field of custom metadata.
struct MetadataArgument: Sendable, Equatable {
    let name: String
    let value: String

    init?(_ text: String) {
        guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")), equals > text.startIndex else { return nil }
        self.name = String(text[..<equals])
        self.value = String(decoding: text.utf8[equals...].dropFirst(), as: UTF8.self)
    }
}
