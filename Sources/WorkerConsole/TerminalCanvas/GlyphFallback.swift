extension GlyphSet {
    /// How this set spells a cluster: drawings and marks of the unicode set become those of this one.
    ///
    /// Letters stay as they are; a terminal that cannot show them gets `?` from its driver.
    func spelling(of cluster: Grapheme) -> Grapheme {
        if self == .unicode || cluster.scalar?.isASCII == true { return cluster }
        return switch self {
        case .unicode: cluster
        case .neutral: Self.neutralSpellings[cluster] ?? cluster
        case .console: Self.consoleSpelling(of: cluster)
        case .ascii: Self.asciiSpellings[cluster] ?? cluster
        }
    }

    /// What the fonts of consoles have beyond ASCII and letters.
    static let consoleDrawings = Set("─│┌┐└┘├┤┬┴┼█▓▒░▄▀".unicodeScalars.map { Grapheme($0) })

    /// A drawing or a mark that no console's font has becomes `?`; letters stay.
    private static func consoleSpelling(of cluster: Grapheme) -> Grapheme {
        if Self.consoleDrawings.contains(cluster) { return cluster }
        if let known = Self.consoleSpellings[cluster] { return known }
        guard let first = cluster.scalars.first, Self.isDrawing(first) else { return cluster }
        return Grapheme("?" as Unicode.Scalar)
    }

    /// Punctuation, arrows, mathematical signs, drawings, dingbats, Braille, private characters and emoji.
    private static func isDrawing(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2000...0x2BFF, 0x2E00...0x2E7F, 0xE000...0xF8FF, 0xFFF0...0xFFFF, 0x1F000...0x1FBFF: true
        case 0xA0...0xBF, 0xD7, 0xF7: true
        default: false
        }
    }

    private static let neutralSpellings = Self.spellings(of: .neutral)
    private static let consoleSpellings = Self.spellings(of: .console)
    private static let asciiSpellings = Self.spellings(of: .ascii)

    private static func spellings(of set: GlyphSet) -> [Grapheme: Grapheme] {
        let texts = self.spellingTexts(of: set).map { (Grapheme($0), Grapheme($1)) }
        return Dictionary(texts) { _, last in last }
    }

    private static func spellingTexts(of set: GlyphSet) -> [String: String] {
        let from = GlyphSet.unicode.glyphs
        let to = set.glyphs
        let isASCII = set == .ascii || set == .console
        var spellings: [String: String] = [
            "“": "\"", "”": "\"", "„": "\"", "‘": "'", "’": "'", "«": "\"", "»": "\"", "―": "-", "−": "-",
            "±": "+", "≤": "<", "≥": ">", "≠": "#", "≈": "~", "°": "o", "´": "'", "§": "S", "→": to.arrowRight,
            "←": to.arrowLeft, "★": "*", "☆": "*", "▲": to.warning, "△": "^", "▼": to.arrowDown, "▽": to.arrowDown,
            "■": to.mock, "□": "#", "◇": to.marked, "◎": to.up, "※": "*", "‰": "%", "①": "1", "②": "2", "③": "3",
        ]
        for scalar in (0x2500...0x257F).compactMap({ Unicode.Scalar($0) }) {
            let character = String(Character(scalar))
            switch scalar.value {
            case 0x2500...0x2501, 0x2504...0x2505, 0x2508...0x2509, 0x254C...0x254D, 0x2550:
                spellings[character] = to.horizontal
            case 0x2502...0x2503, 0x2506...0x2507, 0x250A...0x250B, 0x254E...0x254F, 0x2551:
                spellings[character] = to.vertical
            case 0x2571: spellings[character] = "/"
            case 0x2572: spellings[character] = "\\"
            default: spellings[character] = set == .console ? Self.corner(scalar.value) : to.topLeft
            }
        }
        for step in 0..<8 { spellings[from.spark[step]] = to.spark[step] }
        for (old, new) in zip(from.shades, to.shades) { spellings[old] = new }
        for fraction in ["▉", "▊", "▋", "▌", "▍", "▎", "▏"] { spellings[fraction] = isASCII ? "|" : to.scrollThumb }
        if isASCII {
            spellings[from.enter] = "<"
            for control in (0x2400...0x2426).compactMap({ Unicode.Scalar($0) }) {
                spellings[String(Character(control))] = "?"
            }
        }
        let pairs: [KeyValuePairs<String, String>.Element] = [
            (from.up, to.up), (from.rising, to.rising), (from.warning, to.warning), (from.down, to.down),
            (from.idle, to.idle), (from.mock, to.mock), (from.ok, to.ok), (from.redirect, to.redirect),
            (from.inFlight, to.inFlight), (from.clientGone, to.clientGone), (from.preflight, to.preflight),
            (from.pointer, to.pointer), (from.active, to.active), (from.expanded, to.expanded),
            (from.marked, to.marked), (from.check, to.check), (from.cross, to.cross), (from.skipped, to.skipped),
            (from.flag, to.flag), (from.key, to.key), (from.retry, to.retry), (from.timer, to.timer),
            (from.cut, to.cut), (from.object, to.object), (from.row, to.row), (from.ellipsis, to.ellipsis),
            (from.unknown, to.unknown), (from.bullet, to.bullet), (from.times, to.times), (from.more, to.more),
            (from.arrowUp, to.arrowUp), (from.arrowDown, to.arrowDown), (from.tabLeft, to.tabLeft),
            (from.tabRight, to.tabRight), (from.pause, to.pause), (from.scrollTrack, to.scrollTrack),
            (from.scrollThumb, to.scrollThumb), (from.replacement, to.replacement),
        ]
        for (old, new) in pairs { spellings[old] = new }
        return spellings
    }

    /// The single-line form of a box drawing that is no plain line (U+250C to U+2570).
    private static func corner(_ value: UInt32) -> String {
        switch value {
        case 0x250C...0x250F, 0x2552...0x2554, 0x256D: "┌"
        case 0x2510...0x2513, 0x2555...0x2557, 0x256E: "┐"
        case 0x2514...0x2517, 0x2558...0x255A, 0x2570: "└"
        case 0x2518...0x251B, 0x255B...0x255D, 0x256F: "┘"
        case 0x251C...0x2523, 0x255E...0x2560: "├"
        case 0x2524...0x252B, 0x2561...0x2563: "┤"
        case 0x252C...0x2533, 0x2564...0x2566: "┬"
        case 0x2534...0x253B, 0x2567...0x2569: "┴"
        case 0x2574, 0x2576, 0x2578, 0x257A, 0x257C, 0x257E: "─"
        case 0x2575, 0x2577, 0x2579, 0x257B, 0x257D, 0x257F: "│"
        default: "┼"
        }
    }
}
