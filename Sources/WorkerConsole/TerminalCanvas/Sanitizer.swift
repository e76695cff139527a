/// Turns any text into what may be shown: no control byte, C1, bidi or zero-width control leaves it.
package enum Sanitizer {
    /// One grapheme cluster and its width.
    package struct Cluster: Sendable, Equatable {
        package let grapheme: Grapheme
        /// 1 or 2.
        package let columns: Int

        package var text: String { self.grapheme.text }

        init(_ grapheme: Grapheme, columns: Int) {
            self.grapheme = grapheme
            self.columns = columns
        }
    }

    /// The visible clusters of `text`, in order.
    package static func clusters(of text: some StringProtocol) -> [Cluster] {
        var clusters: [Cluster] = []
        self.forEachCluster(of: text) { cluster in
            clusters.append(cluster)
            return true
        }
        return clusters
    }

    /// Hands the visible clusters of `text` to `body`, in order, until it returns false.
    ///
    /// What lies behind the last cluster that `body` wanted is not looked at.
    /// - Returns: False when `body` ended it.
    @discardableResult
    package static func forEachCluster(of text: some StringProtocol, _ body: (Cluster) -> Bool) -> Bool {
        let fast: Bool? = text.utf8.withContiguousStorageIfAvailable { bytes in
            var position = 0
            while position < bytes.count {
                let byte = bytes[position]
                if byte < 0x80, self.endsCluster(bytes, at: position + 1) {
                    guard body(StandIn.ascii[Int(byte)]) else { return false }
                    position += 1
                    continue
                }
                if let scalar = self.unjoined(in: bytes, at: position), self.endsCluster(bytes, at: position + 3) {
                    guard body(Cluster(Grapheme(scalar), columns: scalar.value < 0x3000 ? 1 : 2)) else { return false }
                    position += 3
                    continue
                }
                let start = text.utf8.index(text.startIndex, offsetBy: position)
                let end = text.index(after: start)
                guard self.forEachCluster(in: text[start], body) else { return false }
                position += max(1, text.utf8.distance(from: start, to: end))
            }
            return true
        }
        if let fast { return fast }
        for character in text {
            guard self.forEachCluster(in: character, body) else { return false }
        }
        return true
    }

    /// True when the first `limit` bytes of a text, and the one behind them, are printable ASCII: a cell each, as they are.
    ///
    /// Most of a screen is such text, which needs no look at characters.
    static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int) -> Bool {
        bytes.prefix(limit + 1).allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }

    /// True where nothing begins that could join what stands before it.
    private static func endsCluster(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
        position == bytes.count || bytes[position] < 0x80 || self.unjoined(in: bytes, at: position) != nil
    }

    /// The scalar that stands there when it is one that never joins what is before it: frames, bars and Chinese are most of
    /// what a screen has beside ASCII, and to look for marks behind each is measurable.
    private static func unjoined(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Unicode.Scalar? {
        guard position + 3 <= bytes.count, bytes[position] & 0xF0 == 0xE0 else { return nil }
        let value =
            UInt32(bytes[position] & 0xF) << 12 | UInt32(bytes[position + 1] & 0x3F) << 6
            | UInt32(bytes[position + 2] & 0x3F)
        return switch value {
        // Frames and bars; then punctuation, ideographs and fullwidth forms, which take two columns.
        case 0x2500...0x259F, 0x3000...0x3020, 0x4E00...0x9FFF, 0xFF01...0xFF3F: Unicode.Scalar(value)
        default: nil
        }
    }

    /// The text in one line, as it may be printed where no canvas is: after the end, on standard error.
    package static func line(_ text: some StringProtocol) -> String {
        var line = ""
        self.forEachCluster(of: text) { cluster in
            cluster.grapheme.append(to: &line)
            return true
        }
        return line
    }

    /// The columns that `text` takes when it is written to a canvas.
    package static func columns(of text: some StringProtocol) -> Int { self.counted(text) }

    /// The same for what nearly all texts are: other modules cannot specialize the one above.
    package static func columns(of text: String) -> Int { self.counted(text) }

    private static func counted(_ text: some StringProtocol) -> Int {
        let plain: Int?? = text.utf8.withContiguousStorageIfAvailable { bytes in
            self.isPlain(bytes, limit: bytes.count) ? bytes.count : nil
        }
        if let columns = plain ?? nil { return columns }
        var columns = 0
        self.forEachCluster(of: text) { cluster in
            columns += cluster.columns
            return true
        }
        return columns
    }

    /// What one character becomes: itself, or a stand-in for every part that must not be shown.
    static func forEachCluster(in character: Character, _ body: (Cluster) -> Bool) -> Bool {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return true }
        if let second = scalars.dropFirst().first, first == "\r", second == "\n" {
            return body(StandIn.ascii[0x0D]) && body(StandIn.ascii[0x0A])
        }
        // Marks without end, joined emoji of a whole family: more than a cell holds, and the rest need not be read.
        if scalars.dropFirst(CharacterWidth.maximumScalars).first != nil { return body(StandIn.replacement) }
        var kept = String.UnicodeScalarView()
        var standIns: [Cluster] = []
        var columns = 0
        for (offset, scalar) in scalars.enumerated() {
            switch CharacterWidth.kind(of: scalar) {
            case .forbidden:
                let isJoint = scalar.value == 0x200D && offset > 0 && CharacterWidth.isEmojiSequence(scalars)
                if isJoint { kept.append(scalar) } else { standIns.append(StandIn.cluster(for: scalar)) }
            case .combining:
                if kept.isEmpty {
                    // A mark without a base would join the cell to its left.
                    kept.append("\u{25CC}")
                    columns = 1
                }
                kept.append(scalar)
            case .spacing(let width):
                kept.append(scalar)
                columns = max(columns, width)
                if offset > 0, CharacterWidth.isRegionalIndicator(scalar) { columns = 2 }
            }
        }
        if kept.count > CharacterWidth.maximumScalars { return body(StandIn.replacement) }
        if kept.contains("\u{FE0F}"), kept.count > 1, CharacterWidth.hasEmojiPresentation(first) { columns = 2 }
        if !kept.isEmpty, !body(Cluster(Grapheme(kept), columns: max(1, min(2, columns)))) { return false }
        for standIn in standIns where !body(standIn) { return false }
        return true
    }
}

/// Visible one-column stand-ins for what must not reach a terminal.
private enum StandIn {
    /// U+FFFD: the cluster is too long, or its width is not known.
    static let replacement = Sanitizer.Cluster(Grapheme("\u{FFFD}" as Unicode.Scalar), columns: 1)

    /// By ASCII code; controls are the pictures of the block U+2400.
    static let ascii: [Sanitizer.Cluster] = (0..<0x80).map { value -> Sanitizer.Cluster in
        let shown: UInt32 =
            switch value {
            case 0..<0x20: 0x2400 + UInt32(value)
            case 0x7F: 0x2421
            default: UInt32(value)
            }
        return Sanitizer.Cluster(Grapheme(Unicode.Scalar(shown) ?? "?"), columns: 1)
    }

    static func cluster(for scalar: Unicode.Scalar) -> Sanitizer.Cluster {
        if scalar.value < 0x80 { return self.ascii[Int(scalar.value)] }
        return switch scalar.value {
        case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C: self.direction
        case 0x200B...0x200D, 0x2060...0x2064, 0xFEFF, 0x00AD, 0x034F, 0x180E: self.invisible
        case 0x2028, 0x2029, 0x85: self.newline
        default: self.replacement
        }
    }

    private static let direction = Sanitizer.Cluster(Grapheme("\u{2426}" as Unicode.Scalar), columns: 1)
    private static let invisible = Sanitizer.Cluster(Grapheme("\u{2423}" as Unicode.Scalar), columns: 1)
    private static let newline = Sanitizer.Cluster(Grapheme("\u{2424}" as Unicode.Scalar), columns: 1)
}
