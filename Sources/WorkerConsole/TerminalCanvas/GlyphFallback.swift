extension GlyphSet {
    /// How this set spells a cluster: drawings and marks of the unicode set become those of this one.
    ///
    /// Letters stay as they are; a terminal that cannot show them gets `?` from its driver.
    func spelling(of cluster: String) -> String {
        switch self {
        case .unicode: cluster
        case .neutral: cluster.utf8.count == 1 ? cluster : Self.neutralSpellings[cluster] ?? cluster
        case .ascii: cluster.utf8.count == 1 ? cluster : Self.asciiSpellings[cluster] ?? cluster
        }
    }

    private static let neutralSpellings = Self.spellings(of: .neutral)
    private static let asciiSpellings = Self.spellings(of: .ascii)

    private static func spellings(of set: GlyphSet) -> [String: String] {
        let from = GlyphSet.unicode.glyphs
        let to = set.glyphs
        let isASCII = set == .ascii
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
            default: spellings[character] = to.topLeft
            }
        }
        for step in 0..<8 { spellings[from.spark[step]] = to.spark[step] }
        for (old, new) in zip(from.shades, to.shades) { spellings[old] = new }
        for fraction in ["▉", "▊", "▋", "▌", "▍", "▎", "▏"] { spellings[fraction] = isASCII ? "|" : to.scrollThumb }
        if isASCII {
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
}
