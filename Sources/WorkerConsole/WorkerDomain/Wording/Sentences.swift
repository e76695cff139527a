import Synchronization

/// The Chinese of sentences that parts of the program make in English: errors, findings, reasons, help.
///
/// An error carries one English sentence, which logs and JSON print as it is. Where a person reads it in Chinese, its
/// phrase is found by its fixed words, and the values between these are put into the Chinese one.
package enum Sentences {
    /// Every phrase, in the order of its table.
    package static let all: [Phrase] = [
        Self.system, Self.proxy, Self.storage, Self.filter, Self.configuration, Self.settings, Self.checks,
        Self.projectChecks, Self.liveChecks, Self.entrypoint, Self.repair, Self.python, Self.commandLine, Self.commands,
        Self.dataCommands, Self.stores, Self.serving,
    ].flatMap { $0 }

    /// A phrase, cut at its placeholders.
    private struct Pattern {
        let pieces: [String]
        let chinese: String
        let fixedLength: Int
    }

    /// Sentences without a placeholder.
    private static let fixed: [String: String] = Dictionary(
        Self.all.filter { !$0.english.contains("%") }.map { ($0.english, $0.chinese) },
        uniquingKeysWith: { first, _ in first })

    /// Those with the most words of their own first: the others may fit too.
    private static let patterns: [Pattern] = Self.all.filter { $0.english.contains("%") }
        .map { phrase in
            let pieces = Self.pieces(of: phrase.english)
            let length = pieces.reduce(0) { $0 + $1.utf8.count }
            return Pattern(pieces: pieces, chinese: phrase.chinese, fixedLength: length)
        }
        .sorted { $0.fixedLength > $1.fixedLength }

    /// What joins a sentence with what explains it, what helps, or where it is about.
    private static let joints = [("; ", "；"), (": ", "："), (". ", "。"), (" (", "（")]

    /// What was asked for before: screens are drawn again and again.
    private static let known = Mutex<[String: String?]>([:])
    private static let knownLimit = 1_024

    /// The Chinese of a sentence, or of several that are joined; `nil` when no table knows it.
    package static func chinese(_ english: String) -> String? {
        // Nobody reads more, and text from outside may be long.
        guard english.utf8.count <= 4_096 else { return nil }
        if let known = Self.known.withLock({ $0[english] }) { return known }
        let text = Self.chinese(english, depth: 0)
        Self.known.withLock { known in
            if known.count >= Self.knownLimit { known.removeAll(keepingCapacity: true) }
            known[english] = .some(text)
        }
        return text
    }

    private static func chinese(_ english: String, depth: Int) -> String? {
        guard depth < 6, !english.isEmpty else { return nil }
        if let text = Self.fixed[english] { return text }
        // Two sentences are two, although a placeholder at the end of the first could be the second as well.
        for (left, right) in Self.parts(of: english, at: "; ") {
            if let known = Self.whole(left, depth: depth + 1), let rest = Self.chinese(right, depth: depth + 1) {
                return known + "；" + rest
            }
        }
        if let text = Self.whole(english, depth: depth) { return text }
        for (joint, chinese) in Self.joints {
            for (left, right) in Self.parts(of: english, at: joint) {
                let isEnclosed = joint == " (" && right.hasSuffix(")")
                if joint == " (", !isEnclosed { continue }
                let inner = isEnclosed ? String(right.dropLast()) : right
                let end = isEnclosed ? "）" : ""
                let rest = Self.chinese(inner, depth: depth + 1)
                if let known = Self.whole(left, depth: depth + 1) { return known + chinese + (rest ?? inner) + end }
                // A place or a name comes before a colon: `wrangler.toml:3:7: …`.
                if joint == ": ", !left.contains(" "), let rest { return left + chinese + rest }
            }
        }
        return nil
    }

    /// The text before and after each place of a joint; of the first few.
    private static func parts(of text: String, at joint: String) -> [(left: String, right: String)] {
        var parts: [(left: String, right: String)] = []
        var start = text.startIndex
        while parts.count < 8, let place = text[start...].firstRange(of: joint) {
            parts.append((String(text[..<place.lowerBound]), String(text[place.upperBound...])))
            start = place.upperBound
        }
        return parts
    }

    /// The Chinese of one sentence of the tables.
    private static func whole(_ english: String, depth: Int) -> String? {
        if let text = Self.fixed[english] { return text }
        for pattern in Self.patterns {
            guard let values = Self.values(of: english[...], in: pattern.pieces[...]) else { continue }
            // What stands for a placeholder may be a sentence itself; a name is one word.
            let shown = values.map { value in
                value.contains(" ") && value.utf8.count < english.utf8.count
                    ? Self.chinese(value, depth: depth + 1) ?? value : value
            }
            return Self.filled(pattern.chinese, with: shown)
        }
        return nil
    }

    /// The pattern with its values, each put in once: a value may look like a placeholder.
    private static func filled(_ pattern: String, with values: [String]) -> String {
        var text = ""
        var rest = pattern[...]
        while let mark = rest.firstIndex(of: "%") {
            text += rest[..<mark]
            rest = rest[rest.index(after: mark)...]
            guard let number = rest.first?.wholeNumberValue, values.indices.contains(number - 1) else {
                text += "%"
                continue
            }
            text += values[number - 1]
            rest = rest.dropFirst()
        }
        return text + rest
    }

    /// What stands between the placeholders.
    private static func pieces(of pattern: String) -> [String] {
        pattern.replacing(/%[1-9]/, with: "\u{0}").split(separator: "\u{0}", omittingEmptySubsequences: false)
            .map(String.init)
    }

    /// What the placeholders between `pieces` stand for in `text`; `nil` when it is another sentence.
    private static func values(of text: Substring, in pieces: ArraySlice<String>) -> [String]? {
        guard let first = pieces.first, text.hasPrefix(first) else { return nil }
        let rest = text.dropFirst(first.count)
        guard let next = pieces.dropFirst().first else { return rest.isEmpty ? [] : nil }
        if pieces.count == 2 {
            guard rest.hasSuffix(next), rest.count > next.count else { return nil }
            return [String(rest.dropLast(next.count))]
        }
        guard !next.isEmpty, let place = rest.firstRange(of: next), place.lowerBound > rest.startIndex,
            let others = self.values(of: rest[place.lowerBound...], in: pieces.dropFirst())
        else { return nil }
        return [String(rest[..<place.lowerBound])] + others
    }
}
