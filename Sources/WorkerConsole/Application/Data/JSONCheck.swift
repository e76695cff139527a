import FoundationEssentials

/// Looks at text that is said to be JSON.
enum JSONCheck {
    private struct Anything: Decodable {
        init(from _: any Decoder) throws {}
    }

    static func isJSON(_ text: String) -> Bool {
        text.utf8.count <= 1 << 20 && (try? JSONDecoder().decode(Anything.self, from: Data(text.utf8))) != nil
    }

    /// Valid JSON has line ends between its tokens only.
    static func onOneLine(_ json: String) -> String {
        String(String.UnicodeScalarView(json.unicodeScalars.map { $0 == "\n" || $0 == "\r" || $0 == "\t" ? " " : $0 }))
    }
}

enum Base64 {
    static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
