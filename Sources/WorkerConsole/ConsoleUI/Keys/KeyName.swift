package import TerminalCanvas

/// How keys are written: on the key line, in the help, in `worker-console.toml` and in the key reference.
package enum KeyName {
    private static let names: [(key: KeyEvent, shown: String, written: String)] = [
        (.enter, "⏎", "enter"), (.escape, "Esc", "esc"), (.tab, "Tab", "tab"), (.backTab, "Shift-Tab", "shift-tab"),
        (.backspace, "Backspace", "backspace"), (.delete, "Delete", "delete"), (.insert, "Insert", "insert"),
        (.up, "↑", "up"), (.down, "↓", "down"), (.left, "←", "left"), (.right, "→", "right"), (.home, "Home", "home"),
        (.end, "End", "end"), (.pageUp, "PgUp", "pageup"), (.pageDown, "PgDn", "pagedown"),
        (.character(" "), "Space", "space"),
    ]

    /// As a person reads it: `⏎`, `Ctrl-P`, `F2`, `t`.
    package static func shown(_ key: KeyEvent) -> String {
        if case .character(let character) = key, character != " " { return String(character) }
        if let entry = self.names.first(where: { $0.key == key }) { return entry.shown }
        switch key {
        case .character(let character): return String(character)
        case .control(let character): return "Ctrl-\(character.uppercased())"
        case .function(let number): return "F\(number)"
        default: return "?"
        }
    }

    /// As `worker-console.toml` writes it: `enter`, `ctrl-p`, `f2`, `t`.
    package static func written(_ key: KeyEvent) -> String {
        if let entry = self.names.first(where: { $0.key == key }) { return entry.written }
        return switch key {
        case .character(let character): String(character)
        case .control(let character): "ctrl-\(character)"
        case .function(let number): "f\(number)"
        default: "?"
        }
    }

    /// Several keys of one meaning: `e/E`, `↑↓`, `1–6`.
    package static func shown(_ keys: [KeyEvent]) -> String {
        if keys.count == 1 { return self.shown(keys[0]) }
        let texts = keys.map { self.shown($0) }
        if texts.count > 2, let first = texts.first?.first?.wholeNumberValue,
            texts.enumerated().allSatisfy({ $0.element == "\(first + $0.offset)" })
        {
            return "\(first)–\(texts[texts.count - 1])"
        }
        if Set(keys) == [.up, .down] { return "↑↓" }
        if Set(keys) == [.left, .right] { return "←→" }
        let areArrows = keys.allSatisfy { [.up, .down, .left, .right].contains($0) }
        return texts.joined(separator: areArrows ? "" : "/")
    }

    /// Reads a key as `worker-console.toml` writes it: one character, `space`, `ctrl-p`, `f5`; case counts only for
    /// one character.
    /// - Returns: `nil` for anything else, and for keys that terminals do not send apart from others.
    package static func parse(_ text: String) -> KeyEvent? {
        let name = text.lowercased()
        if let entry = self.names.first(where: { $0.written == name || $0.shown.lowercased() == name }) {
            return entry.key
        }
        if text.count == 1, let character = text.first {
            return character.isWhitespace || character.unicodeScalars.contains { $0.value < 0x21 || $0.value == 0x7F }
                ? nil : .character(character)
        }
        if name.hasPrefix("ctrl-"), name.utf8.count == 6, let letter = name.last, letter.isASCII, letter.isLetter {
            // These are Tab, Enter, flow control and what the frame needs (suspend, end).
            return "imjsqcz".contains(letter) ? nil : .control(letter)
        }
        if name.hasPrefix("f"), let number = Int(name.dropFirst()), (1...12).contains(number) {
            return .function(number)
        }
        return nil
    }
}
