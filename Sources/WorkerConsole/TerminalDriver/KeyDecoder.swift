import TerminalCanvas

/// Makes events of what the terminal sends: UTF-8, the sequences of keys, bracketed pastes, mouse reports, answers to what
/// it was asked, and Alt, which is an Esc before the key.
///
/// Any of them may come in pieces and late. What belongs to a sequence never becomes a key, however long it is.
struct KeyDecoder {
    /// A paste longer than this is cut: nothing that is typed into here needs more.
    static let pasteLimit = 1_048_576
    /// Bytes of a sequence that are kept; longer ones are nothing that is known here.
    static let sequenceLimit = 256

    /// Something that came: what a person did, or what the terminal says of itself.
    enum Output: Sendable, Equatable {
        case event(TerminalEvent)
        case answer(TerminalAnswer)
    }

    private enum State { case ground, sequence, text, paste }

    private let keys: KeySequences
    private var state = State.ground
    /// Bytes of a character that is not whole yet.
    private var pending: [UInt8] = []
    /// The sequence so far, its Esc first.
    private var sequence: [UInt8] = []
    private var paste: [UInt8] = []

    init(keys: KeySequences = KeySequences()) {
        self.keys = keys
    }

    /// True between the start and the end of a paste.
    var isPasting: Bool { self.state == .paste }
    /// True while more bytes are awaited, which ``settle()`` gives up.
    var isWaiting: Bool { self.state == .sequence || self.state == .text }
    /// True when what waits can hardly be typed: the beginning of something that the terminal sends by itself.
    var isInReport: Bool { self.isControl || self.state == .text && self.sequence.count > 2 }

    private var isControl: Bool { self.sequence.count > 1 && self.sequence[1] == UInt8(ascii: "[") }

    mutating func byte(_ byte: UInt8) -> [Output] {
        switch self.state {
        case .ground: return self.plain(byte)
        case .sequence: return self.extend(byte)
        case .text: return self.string(byte)
        case .paste: return self.pasted(byte)
        }
    }

    /// Nothing more came for a while: what waits is the keys that it looks like, or nothing.
    mutating func settle() -> [Output] {
        guard self.isWaiting else { return [] }
        defer { self.reset() }
        // Esc alone, or Alt and a key.
        return self.isInReport || self.sequence.count > 2 ? [] : self.typed(self.sequence)
    }

    /// Hands out what was pasted: at its end, or when the end does not come.
    mutating func endPaste() -> [Output] {
        guard self.state == .paste else { return [] }
        let bytes = self.paste
        self.reset()
        var text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        text = String(text.map { $0 == "\r" ? "\n" : $0 })
        return text.isEmpty ? [] : [.event(.paste(text))]
    }

    private mutating func reset() {
        (self.state, self.sequence, self.paste, self.pending) = (.ground, [], [], [])
    }

    // MARK: - Characters

    private mutating func plain(_ byte: UInt8) -> [Output] {
        if byte == 0x1B {
            (self.state, self.sequence, self.pending) = (.sequence, [byte], [])
            return []
        }
        if byte < 0x80 {
            self.pending = []
            return self.ascii(byte).map { [.event(.key($0))] } ?? []
        }
        return self.continued(byte)
    }

    /// What these bytes are as keys, each by itself.
    private func typed(_ bytes: some Sequence<UInt8>) -> [Output] {
        bytes.compactMap { $0 == 0x1B ? .escape : self.ascii($0) }.map { .event(.key($0)) }
    }

    private func ascii(_ byte: UInt8) -> KeyEvent? {
        switch byte {
        case 0x0D, 0x0A: .enter
        case 0x09: .tab
        case 0x08, 0x7F: .backspace
        case 0x01...0x1A: .control(Character(UnicodeScalar(byte + 0x60)))
        case 0x20...0x7E: .character(Character(UnicodeScalar(byte)))
        default: nil
        }
    }

    private mutating func continued(_ byte: UInt8) -> [Output] {
        if byte >= 0xC0 { self.pending = [] } else if self.pending.isEmpty { return [] }
        self.pending.append(byte)
        let wanted =
            switch self.pending[0] {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 0
            }
        guard self.pending.count >= wanted else { return [] }
        defer { self.pending = [] }
        guard wanted > 0, let text = String(validating: self.pending, as: UTF8.self), let character = text.first,
            text.unicodeScalars.allSatisfy({ $0.value >= 0xA0 })
        else { return [] }
        return [.event(.key(.character(character)))]
    }

    // MARK: - Sequences

    private mutating func extend(_ byte: UInt8) -> [Output] {
        if self.sequence.count < Self.sequenceLimit { self.sequence.append(byte) }
        if let key = self.keys.key(for: self.sequence) {
            self.reset()
            return [.event(.key(key))]
        }
        if self.keys.isBeginning(self.sequence) { return [] }
        switch self.sequence[1] {
        case UInt8(ascii: "["): return self.control(byte)
        case UInt8(ascii: "]"):
            self.state = .text
            return []
        // The answer of kitty begins so (APC); all else is Alt and an underscore.
        case UInt8(ascii: "_") where self.sequence.count == 2: return []
        case UInt8(ascii: "_") where byte == UInt8(ascii: "G"):
            self.state = .text
            return []
        // A key of the keypad that is not known here.
        case UInt8(ascii: "O") where self.sequence.count == 2: return []
        case UInt8(ascii: "O") where byte != 0x1B:
            self.reset()
            return []
        default: return self.startOver(at: byte)
        }
    }

    /// Parameters and intermediates until the final byte (ECMA-48 section 5.4).
    private mutating func control(_ byte: UInt8) -> [Output] {
        if self.sequence.count == 2 || (0x20...0x3F).contains(byte) { return [] }
        guard (0x40...0x7E).contains(byte) else {
            // Cut by something else: Esc begins anew, a control character is a key again.
            self.sequence = []
            return self.startOver(at: byte)
        }
        let whole = self.sequence
        self.reset()
        if whole.elementsEqual([0x1B] + "[200~".utf8) {
            self.state = .paste
            return []
        }
        if let mouse = Self.mouse(whole) { return [.event(.mouse(mouse))] }
        return TerminalAnswer(control: whole).map { [.answer($0)] } ?? []
    }

    /// What came before `byte` was typed, and `byte` stands for itself.
    private mutating func startOver(at byte: UInt8) -> [Output] {
        let before = self.typed(self.sequence.dropLast())
        self.reset()
        return before + self.plain(byte)
    }

    /// A text that the terminal sends, until BEL or ST (XTerm Control Sequences, "Operating System Commands").
    private mutating func string(_ byte: UInt8) -> [Output] {
        let endsByEscape = self.sequence.last == 0x1B
        switch byte {
        case 0x07, 0x9C:
            return self.finishString(self.sequence)
        case UInt8(ascii: "\\") where endsByEscape:
            return self.finishString(self.sequence.dropLast())
        case 0x1B:
            if !endsByEscape { self.note(byte) }
            return []
        default: break
        }
        if endsByEscape {
            // It was cut by another sequence.
            (self.state, self.sequence) = (.sequence, [0x1B])
            return self.extend(byte)
        }
        if byte < 0x20 {
            // No text has such a byte: somebody types, and the end got lost.
            self.reset()
            return self.plain(byte)
        }
        self.note(byte)
        return []
    }

    /// Keeps the last place for the Esc of the end, also of a text that is too long.
    private mutating func note(_ byte: UInt8) {
        if self.sequence.count < Self.sequenceLimit {
            self.sequence.append(byte)
        } else {
            self.sequence[Self.sequenceLimit - 1] = byte
        }
    }

    private mutating func finishString(_ bytes: some Collection<UInt8>) -> [Output] {
        let isWhole = bytes.count < Self.sequenceLimit - 1
        let answer = isWhole ? TerminalAnswer(string: Array(bytes.dropFirst(2))) : nil
        self.reset()
        return answer.map { [.answer($0)] } ?? []
    }

    private mutating func pasted(_ byte: UInt8) -> [Output] {
        self.sequence.append(byte)
        let end = [0x1B] + Array("[201~".utf8)
        if self.sequence == end { return self.endPaste() }
        while !self.sequence.isEmpty, !end.starts(with: self.sequence) {
            let first = self.sequence.removeFirst()
            if self.paste.count < Self.pasteLimit { self.paste.append(first) }
        }
        return []
    }

    /// `ESC [ <` button `;` column `;` row, then `M` for a press (xterm, mode 1006); what else is told is left out.
    private static func mouse(_ sequence: [UInt8]) -> MouseEvent? {
        guard sequence.count > 3, sequence[2] == UInt8(ascii: "<"), sequence.last == UInt8(ascii: "M") else {
            return nil
        }
        let numbers = String(decoding: sequence[3..<(sequence.count - 1)], as: UTF8.self)
            .split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard numbers.count == 3, numbers[0] >= 0, numbers[1] > 0, numbers[2] > 0 else { return nil }
        let kind: MouseEvent.Kind
        // Shift, Alt and Ctrl are added to the button.
        switch numbers[0] & ~0x1C {
        case 0: kind = .press
        case 64: kind = .wheelUp
        case 65: kind = .wheelDown
        default: return nil
        }
        return MouseEvent(kind, row: numbers[2] - 1, column: numbers[1] - 1)
    }
}
