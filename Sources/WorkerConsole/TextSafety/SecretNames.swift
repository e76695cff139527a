/// Decides by a name whether its value gives access.
enum SecretNames {
    /// What a name says.
    enum Verdict: Sendable, Equatable {
        case plain
        /// Secret when the value looks like a credential.
        case weak
        /// Secret in a query, and elsewhere when the value looks like a credential.
        case grant
        /// Secret, but a number behind it is a count.
        case counted
        case secret
    }

    /// Longer names are no names.
    static let longest = 128

    /// True for names whose value is several words.
    static func isPhrase(_ name: String) -> Bool {
        self.parts(of: name).contains { ["mnemonic", "phrase", "words", "passphrase", "seedphrase"].contains($0) }
    }

    /// Splits at everything that is neither letter nor digit, at `aB`, at `ABc`, and between letters and digits.
    static func parts(of name: some StringProtocol) -> [String] {
        var parts: [String] = []
        var part: [UInt8] = []
        func end() {
            if !part.isEmpty { parts.append(String(decoding: part, as: UTF8.self).lowercased()) }
            part = []
        }
        let bytes = Array(name.utf8)
        for (index, byte) in bytes.enumerated() {
            guard byte.isLetter || byte.isDigit || byte >= 0x80 else {
                end()
                continue
            }
            if let last = part.last {
                let next = index + 1 < bytes.count ? bytes[index + 1] : 0
                let isNewWord =
                    (last.isLower && byte.isUpper) || (last.isUpper && byte.isUpper && next.isLower)
                    || (last.isDigit != byte.isDigit && last < 0x80 && byte < 0x80)
                if isNewWord { end() }
            }
            part.append(byte)
        }
        end()
        return parts
    }

    static func verdict(of name: some StringProtocol) -> Verdict {
        guard name.utf8.count <= self.longest else { return .plain }
        var parts = self.parts(of: name)
        let together = parts.joined()
        parts = self.joined(parts).flatMap { self.segments(of: $0) ?? [$0] }
        let isNumbered = parts.contains { $0.utf8.allSatisfy(\.isDigit) }
        if isNumbered {
            // `2fa` comes apart at its digit.
            parts = parts.filter { !$0.utf8.allSatisfy(\.isDigit) }
        }
        guard !parts.isEmpty else { return .plain }
        // `DPoP` comes apart at its capitals.
        if SecretWords.together.contains(together) || SecretWords.singular(together) { return .secret }
        let bare = self.withoutNeutralEnd(parts)
        guard let last = bare.last else { return .plain }
        let isAbout = SecretWords.about.contains(last) && !self.isSecretID(bare)
        if let verdict = self.strong(bare) {
            if isAbout { return .weak }
            return verdict
        }
        if isAbout {
            return parts.contains(where: { SecretWords.last.contains($0) || SecretWords.weak.contains($0) })
                ? .weak : .plain
        }
        if self.isSecretID(bare) { return .counted }
        // A country's or a status code is no grant.
        if SecretWords.grants.contains(last), last != "code" || bare.count == 1 { return .grant }
        if last == "key" || last == "keys", bare.count > 1, SecretWords.plainKeyOf.contains(bare[bare.count - 2]) {
            return .plain
        }
        return SecretWords.weak.contains(last) ? .weak : .plain
    }

    /// The verdict of the strongest part, whatever the last one says.
    private static func strong(_ parts: [String]) -> Verdict? {
        var found: Verdict?
        for (index, part) in parts.enumerated() {
            let before = index > 0 ? parts[index - 1] : nil
            let isLast = index == parts.count - 1
            let isSecret: Bool
            switch part {
            case "key", "keys": isSecret = before.map { SecretWords.keyOf.contains($0) } ?? false
            case "code", "codes": isSecret = before.map { SecretWords.codeOf.contains($0) } ?? false
            default:
                isSecret =
                    SecretWords.anywhere.contains(part) || (isLast && SecretWords.last.contains(part))
                    || before.map { SecretWords.together.contains($0 + part) } ?? false
            }
            guard isSecret else { continue }
            let isMeasure = before.map { SecretWords.measures.contains($0) } ?? false
            if !SecretWords.plurals.contains(part), !isMeasure { return .secret }
            found = .counted
        }
        return found
    }

    private static func isSecretID(_ parts: [String]) -> Bool {
        guard parts.last == "id", parts.count > 1 else { return false }
        return SecretWords.idOf.contains(parts[parts.count - 2]) || parts[parts.count - 2] == "secret"
    }

    private static func withoutNeutralEnd(_ parts: [String]) -> [String] {
        var parts = parts[...]
        while parts.count > 1, let last = parts.last, SecretWords.neutral.contains(last) { parts.removeLast() }
        return Array(parts)
    }

    /// `pass word` and `pass_wd` are one word.
    private static func joined(_ parts: [String]) -> [String] {
        var result: [String] = []
        for part in parts {
            if let last = result.last, SecretWords.anywhere.contains(last + part), !SecretWords.anywhere.contains(part)
            {
                result[result.count - 1] = last + part
            } else {
                result.append(part)
            }
        }
        return result
    }

    /// The words of a glued part, `accesstoken`; `nil` when it is not made of known words with a secret among them.
    private static func segments(of part: String) -> [String]? {
        let bytes = Array(part.utf8)
        guard bytes.count >= 5, bytes.count <= 40, !SecretWords.anywhere.contains(part),
            !SecretWords.last.contains(part),
            !SecretWords.about.contains(part), !SecretWords.glue.contains(part), bytes.allSatisfy({ $0 < 0x80 })
        else { return nil }
        // The longest words first, from the left, with a way back; no place is tried twice.
        var hasFailed = Array(repeating: false, count: bytes.count + 1)
        func split(_ start: Int) -> [String]? {
            if start == bytes.count { return [] }
            if hasFailed[start] { return nil }
            for end in stride(from: min(bytes.count, start + 14), to: start + 1, by: -1) {
                let word = String(decoding: bytes[start..<end], as: UTF8.self)
                guard SecretWords.anywhere.contains(word) || SecretWords.glue.contains(word) else { continue }
                if let rest = split(end) { return [word] + rest }
            }
            hasFailed[start] = true
            return nil
        }
        return split(0)
    }
}
