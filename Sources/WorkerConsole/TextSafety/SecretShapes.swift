/// Recognises credentials by their shape, whatever they are called.
enum SecretShapes {
    /// How well-known services begin their keys, and how many characters follow at least.
    static let starts: [(start: String, atLeast: Int)] = [
        ("AKIA", 12), ("ASIA", 12), ("ABIA", 12), ("ACCA", 12), ("AIza", 16), ("ya29.", 12), ("1//0", 16),
        ("GOCSPX-", 12),
        ("sk-", 12), ("sk_", 12), ("pk_live_", 8), ("pk_test_", 8), ("rk_live_", 8), ("rk_test_", 8), ("whsec_", 12),
        ("ghp_", 12), ("gho_", 12), ("ghu_", 12), ("ghs_", 12), ("ghr_", 12), ("github_pat_", 12), ("glpat-", 12),
        ("gldt-", 12), ("glrt-", 12), ("glptt-", 12), ("xoxa-", 8), ("xoxb-", 8), ("xoxe-", 8), ("xoxe.", 8),
        ("xoxp-", 8),
        ("xoxr-", 8), ("xoxs-", 8), ("xapp-", 8), ("SG.", 16), ("npm_", 16), ("pypi-", 16), ("hf_", 16),
        ("dop_v1_", 16),
        ("doo_v1_", 16), ("shpat_", 16), ("shpss_", 16), ("shpca_", 16), ("sq0atp-", 12), ("sq0csp-", 12),
        ("dckr_pat_", 12),
        ("lin_api_", 12), ("nvapi-", 12), ("xai-", 16), ("gsk_", 16), ("r8_", 16), ("tskey-", 12), ("hvs.", 16),
        ("hvb.", 16),
        ("sntrys_", 12), ("AGE-SECRET-KEY-", 16), ("v1.0-", 40), ("cfut_", 16), ("cfat_", 16), ("cfk_", 16),
        ("EAAC", 24),
        ("PMAK-", 16), ("atlasv1.", 16), ("rubygems_", 16), ("dapi", 28), ("key-", 32),
    ]

    /// By first byte, so that most words are looked at once.
    private static let byFirst: [UInt8: [(start: [UInt8], atLeast: Int)]] = Dictionary(
        grouping: Self.starts.map { (start: Array($0.start.utf8), atLeast: $0.atLeast) }, by: { $0.start[0] })

    /// The part of a word that is a credential; `nil` when none is.
    ///
    /// A word is letters, digits and `-_.+/=~`, as ``TextScanner`` cuts it.
    static func credential(in bytes: [UInt8], word: Range<Int>) -> Range<Int>? {
        guard word.count >= 12 else { return nil }
        var index = word.lowerBound
        var isStart = true
        while index < word.upperBound {
            let byte = bytes[index]
            if isStart {
                if byte == 0x65, let end = self.jsonWebToken(bytes, index, word.upperBound) { return index..<end }
                if let known = self.byFirst[byte], let end = self.key(bytes, index, word.upperBound, known) {
                    return index..<end
                }
            }
            isStart = !byte.isLetter && !byte.isDigit
            index += 1
        }
        return self.bareKey(in: bytes[word])
    }

    /// A key that nothing announces: the word itself, or a piece of it behind `=`, `/` or a dot.
    private static func bareKey(in word: ArraySlice<UInt8>) -> Range<Int>? {
        if self.isBareKey(word) { return word.startIndex..<word.endIndex }
        guard word.count > 37 else { return nil }
        for isEnd: (UInt8) -> Bool in [
            { $0 == 0x3D }, { $0 == 0x3D || $0 == 0x2F || $0 == 0x2E || $0 == 0x2B || $0 == 0x7E },
        ] {
            for piece in word.split(whereSeparator: isEnd) where self.isBareKey(piece) {
                return piece.startIndex..<piece.endIndex
            }
        }
        return nil
    }

    /// A JSON Web Token or another base64url text of a JSON object: `eyJ` and what belongs to it.
    private static func jsonWebToken(_ bytes: [UInt8], _ start: Int, _ limit: Int) -> Int? {
        guard start + 16 <= limit, bytes[start + 1] == 0x79, bytes[start + 2] == 0x4A else { return nil }
        var end = start
        while end < limit,
            bytes[end].isLetter || bytes[end].isDigit || [0x2D, 0x5F, 0x2E, 0x3D, 0x2B].contains(bytes[end])
        {
            end += 1
        }
        return end - start >= 16 ? end : nil
    }

    private static func key(
        _ bytes: [UInt8], _ start: Int, _ limit: Int, _ known: [(start: [UInt8], atLeast: Int)]
    ) -> Int? {
        for entry in known where limit - start >= entry.start.count + entry.atLeast {
            guard bytes[start..<(start + entry.start.count)].elementsEqual(entry.start) else { continue }
            var end = start + entry.start.count
            while end < limit, bytes[end].isLetter || bytes[end].isDigit || [0x2D, 0x5F, 0x2E].contains(bytes[end]) {
                end += 1
            }
            let rest = bytes[(start + entry.start.count)..<end]
            // `sk-learn-documentation` is a name: keys have digits.
            if rest.count >= entry.atLeast, rest.contains(where: \.isDigit) { return end }
        }
        return nil
    }

    /// Keys that nothing announces: Cloudflare's (37 hexadecimal digits, or 40 characters) and AWS's (40 of base64).
    static func isBareKey(_ word: ArraySlice<UInt8>) -> Bool {
        switch word.count {
        case 37: return word.allSatisfy { $0.isDigit || (0x61...0x66).contains($0) } && word.contains { $0.isLower }
        case 40:
            var upper = 0
            var lower = 0
            var digits = 0
            for byte in word {
                if byte.isUpper { upper += 1 } else if byte.isLower { lower += 1 } else if byte.isDigit { digits += 1 }
                if byte == 0x2E || byte == 0x3D || byte == 0x7E { return false }
            }
            // Words joined by hyphens and paths have few capitals and digits, and many marks.
            return upper >= 5 && lower >= 5 && digits >= (upper >= 12 ? 1 : 3) && upper + lower + digits >= 34
                && self.distinct(word) >= 18
        default: return false
        }
    }

    /// The start of a well-known key, or at least 20 letters, digits, `-`, `_`, `+`, `=` with letters and digits among
    /// them; a name with a dot or a slash is a path or a file's name, unless nothing but chance could have made it.
    static func looksLikeCredential(_ value: ArraySlice<UInt8>) -> Bool {
        // Padding stands at the end: `a=b` is none.
        if let equals = value.firstIndex(of: 0x3D), value[equals...].contains(where: { $0 != 0x3D }) { return false }
        let bytes = Array(value)
        if let found = self.credential(in: bytes, word: 0..<bytes.count), found.count * 2 >= bytes.count { return true }
        guard bytes.count >= 20 else { return false }
        var letters = 0
        var digits = 0
        var marks = 0
        for byte in bytes {
            if byte.isDigit {
                digits += 1
            } else if byte.isLetter {
                letters += 1
            } else {
                switch byte {
                case 0x2D, 0x5F, 0x2B, 0x3D: break
                case 0x2E, 0x2F, 0x7E, 0x3A: marks += 1
                default: return false
                }
            }
        }
        guard letters > 0, digits > 0 else { return false }
        if marks == 0 { return true }
        let hasBoth = bytes.contains(where: \.isUpper) && bytes.contains(where: \.isLower)
        return hasBoth && bytes.count >= 32 && digits >= 4 && marks * 12 <= bytes.count && self.distinct(value) >= 18
    }

    /// How many different bytes there are: a cheap measure of chance.
    private static func distinct(_ bytes: ArraySlice<UInt8>) -> Int {
        var low: UInt64 = 0
        var high: UInt64 = 0
        for byte in bytes where byte < 0x80 {
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
        }
        return low.nonzeroBitCount + high.nonzeroBitCount
    }
}
