import Widgets

/// A bounded window of a stored value, read and made ready to be shown.
///
/// Made outside the reducer, because decoding and laying out a mebibyte takes a while.
struct StoredContent: Sendable, Equatable {
    let window: StoredWindow
    let encoding: StoredEncoding
    let signature: StoredSignature?
    /// The window as text; empty when it is binary.
    let lines: [String]
    /// The whole value laid out; `nil` when it is not JSON or not whole.
    let pretty: [[TextRun]]?
    /// Control, bidi and zero-width characters in the window, line ends and tabs aside.
    let controls: Int

    /// - Parameters:
    ///   - window: What is in memory.
    ///   - earlier: The content that the window grew from: encoding and signature are told from the value's start only.
    ///   - looksLikeJSON: A name or a declared type says so.
    init(window: StoredWindow, earlier: StoredContent? = nil, looksLikeJSON: Bool = false) {
        self.window = window
        if window.start == 0 || earlier == nil {
            let isAtStart = window.start == 0
            self.signature = isAtStart ? StoredSignature.detect(window.bytes) : nil
            self.encoding =
                self.signature == nil && isAtStart
                ? StoredEncoding.detect(window.bytes, isWhole: !window.hasMoreBehind) : .binary
        } else {
            self.signature = earlier?.signature
            self.encoding = earlier?.encoding ?? .binary
        }
        let text = self.encoding.decode(
            window.bytes, isAtStart: !window.hasMoreBefore, isAtEnd: !window.hasMoreBehind)
        self.lines = self.encoding == .binary ? [] : StoredLines.split(text)
        self.controls = StoredContent.countControls(text)
        let start = text.utf8.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        let mayBeJSON = looksLikeJSON || start == UInt8(ascii: "{") || start == UInt8(ascii: "[")
        self.pretty = window.isWhole && mayBeJSON && !text.isEmpty ? StoredContent.layOut(text) : nil
    }

    var isText: Bool { self.encoding != .binary }

    /// JSON in lines; `nil` when the text is none, or too large to be laid out whole.
    private static func layOut(_ text: String) -> [[TextRun]]? {
        let pretty = JSONPretty(Array(text.utf8))
        return pretty.firstError == nil && !pretty.isTruncated ? pretty.lines : nil
    }

    static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F: true
        case 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
        case 0xE0000...0xE007F: true
        default: false
        }
    }

    private static func countControls(_ text: String) -> Int {
        text.unicodeScalars.count { self.isHidden($0) && $0 != "\n" && $0 != "\r" && $0 != "\t" }
    }
}
