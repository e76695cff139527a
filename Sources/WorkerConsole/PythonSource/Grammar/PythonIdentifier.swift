/// Identifiers as Python compares them.
///
/// Python compares in NFKC (language reference, section 2.3). Strings of the standard library compare by canonical
/// equivalence already; what is missing is that letters like `Ｄ`, `𝐃` or `ﬁ` are plain letters in another form. Those
/// that stand for ASCII are written as ASCII here, because every name that means something to the runtime is ASCII;
/// forms of other letters stay as they are, so that two spellings of one such name are taken for two names.
enum PythonIdentifier {
    /// - Returns: The name to compare by; `nil` when the interpreter takes it for no identifier.
    static func normalized(_ text: String) -> String? {
        var result = ""
        for scalar in text.unicodeScalars {
            if let plain = Self.plain(scalar) { result += plain } else { result.unicodeScalars.append(scalar) }
        }
        let isValid = result.unicodeScalars.allSatisfy { $0.properties.isXIDContinue || $0 == "_" }
        return isValid ? result : nil
    }

    /// The ASCII that a scalar stands for under NFKC; `nil` for ASCII and for all that stands for itself.
    private static func plain(_ scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0..<0xAA: return nil
        case 0x1D400...0x1D6A3 where scalar.properties.isXIDContinue:
            // Thirteen alphabets, capitals then small letters; some places are empty.
            let place = UInt8((scalar.value - 0x1D400) % 52)
            return String(UnicodeScalar(place < 26 ? 65 + place : 71 + place))
        case 0x1D7CE...0x1D7FF: return String(UnicodeScalar(UInt8(48 + (scalar.value - 0x1D7CE) % 10)))
        case 0x1FBF0...0x1FBF9: return String(UnicodeScalar(UInt8(48 + scalar.value - 0x1FBF0)))
        // Letters, digits and the underscore in full width.
        case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF3F, 0xFF41...0xFF5A:
            return String(UnicodeScalar(UInt8(scalar.value - 0xFEE0)))
        default: return Self.others[scalar]
        }
    }

    private static let others: [Unicode.Scalar: String] = {
        var table: [Unicode.Scalar: String] = [:]
        for (scalars, letters) in Self.letters {
            for (scalar, letter) in zip(scalars.unicodeScalars, letters) { table[scalar] = String(letter) }
        }
        for (scalars, words) in Self.words {
            for (scalar, word) in zip(scalars.unicodeScalars, words.split(separator: " ")) {
                table[scalar] = String(word)
            }
        }
        return table
    }()

    /// Scalars beside the one letter that each stands for.
    private static let letters: [(String, String)] = [
        ("\u{AA}\u{BA}\u{17F}\u{2B0}\u{2B2}\u{2B3}\u{2B7}\u{2B8}\u{2E1}\u{2E2}", "aoshjrwyls"),
        ("\u{2E3}\u{1D2C}\u{1D2E}\u{1D30}\u{1D31}\u{1D33}\u{1D34}\u{1D35}\u{1D36}\u{1D37}", "xABDEGHIJK"),
        ("\u{1D38}\u{1D39}\u{1D3A}\u{1D3C}\u{1D3E}\u{1D3F}\u{1D40}\u{1D41}\u{1D42}\u{1D43}", "LMNOPRTUWa"),
        ("\u{1D47}\u{1D48}\u{1D49}\u{1D4D}\u{1D4F}\u{1D50}\u{1D52}\u{1D56}\u{1D57}\u{1D58}", "bdegkmoptu"),
        ("\u{1D5B}\u{1D62}\u{1D63}\u{1D64}\u{1D65}\u{1D9C}\u{1DA0}\u{1DBB}\u{2071}\u{207F}", "viruvcfzin"),
        ("\u{2090}\u{2091}\u{2092}\u{2093}\u{2095}\u{2096}\u{2097}\u{2098}\u{2099}\u{209A}", "aeoxhklmnp"),
        ("\u{209B}\u{209C}\u{2102}\u{210A}\u{210B}\u{210C}\u{210D}\u{210E}\u{2110}\u{2111}", "stCgHHHhII"),
        ("\u{2112}\u{2113}\u{2115}\u{2119}\u{211A}\u{211B}\u{211C}\u{211D}\u{2124}\u{2128}", "LlNPQRRRZZ"),
        ("\u{212A}\u{212C}\u{212D}\u{212F}\u{2130}\u{2131}\u{2133}\u{2134}\u{2139}\u{2145}", "KBCeEFMoiD"),
        ("\u{2146}\u{2147}\u{2148}\u{2149}\u{2160}\u{2164}\u{2169}\u{216C}\u{216D}\u{216E}", "deijIVXLCD"),
        ("\u{216F}\u{2170}\u{2174}\u{2179}\u{217C}\u{217D}\u{217E}\u{217F}\u{2C7C}\u{2C7D}", "MivxlcdmjV"),
        ("\u{A7F2}\u{A7F3}\u{A7F4}\u{FE33}\u{FE34}\u{FE4D}\u{FE4E}\u{FE4F}\u{107A5}", "CFQ_____q"),
    ]

    /// Scalars beside the letters that each stands for.
    private static let words: [(String, String)] = [
        ("\u{132}\u{133}\u{1C7}\u{1C8}\u{1C9}\u{1CA}\u{1CB}\u{1CC}\u{1F1}", "IJ ij LJ Lj lj NJ Nj nj DZ"),
        ("\u{1F2}\u{1F3}\u{2161}\u{2162}\u{2163}\u{2165}\u{2166}\u{2167}\u{2168}", "Dz dz II III IV VI VII VIII IX"),
        ("\u{216A}\u{216B}\u{2171}\u{2172}\u{2173}\u{2175}\u{2176}\u{2177}\u{2178}", "XI XII ii iii iv vi vii viii ix"),
        ("\u{217A}\u{217B}\u{FB00}\u{FB01}\u{FB02}\u{FB03}\u{FB04}\u{FB05}\u{FB06}", "xi xii ff fi fl ffi ffl st st"),
    ]
}
