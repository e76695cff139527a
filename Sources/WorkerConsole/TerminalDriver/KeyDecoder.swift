import CNcurses
import TerminalCanvas

/// Makes events of what the terminal sends: UTF-8, named keys, bracketed pastes, and Alt, which is an Esc before the key.
struct KeyDecoder {
    /// A paste longer than this is cut: nothing that is typed into here needs more.
    static let pasteLimit = 1_048_576

    private var pending: [UInt8] = []
    private var paste: [UInt8]?
    /// Where an escape sequence that nobody knows has got to.
    private var sequence = Sequence.none

    private enum Sequence { case none, escape, control, mouse }

    /// The numbers of a mouse report so far: `ESC [ <` button `;` column `;` row, then `M` or `m` (xterm, mode 1006).
    private var report: [UInt8] = []

    /// True between the start and the end of a paste.
    var isPasting: Bool { self.paste != nil }

    mutating func byte(_ byte: UInt8) -> [TerminalEvent] {
        if self.paste != nil {
            if self.paste?.count ?? 0 < Self.pasteLimit { self.paste?.append(byte) }
            return []
        }
        switch self.sequence {
        case .none: break
        case .escape:
            self.sequence = .none
            if byte == UInt8(ascii: "[") {
                self.sequence = .control
                return []
            }
            return [.key(.escape)] + self.byte(byte)
        case .mouse: return self.mouse(byte)
        case .control where byte == UInt8(ascii: "<"):
            (self.sequence, self.report) = (.mouse, [])
            return []
        case .control:
            // Parameters and intermediates until the final byte (ECMA-48 section 5.4): no key that is known here.
            if byte == 0x1B {
                self.sequence = .escape
            } else if (0x40...0x7E).contains(byte) || byte < 0x20 || byte >= 0x80 {
                self.sequence = .none
            }
            return []
        }
        if byte == 0x1B {
            self.pending = []
            self.sequence = .escape
            return []
        }
        if byte < 0x80 {
            self.pending = []
            return self.ascii(byte).map { [.key($0)] } ?? []
        }
        return self.continued(byte)
    }

    mutating func named(_ name: UInt32) -> [TerminalEvent] {
        switch name {
        case UInt32(WC_NAME_PASTE_START.rawValue):
            self.paste = []
            (self.pending, self.sequence) = ([], .none)
            return []
        case UInt32(WC_NAME_PASTE_END.rawValue): return self.endPaste()
        default: break
        }
        guard self.paste == nil else { return [] }
        let before = self.settle()
        return before + (Self.key(named: name).map { [.key($0)] } ?? [])
    }

    private mutating func mouse(_ byte: UInt8) -> [TerminalEvent] {
        switch byte {
        case 0x30...0x39, 0x3B:
            // Three numbers of a few digits; more is no report.
            if self.report.count < 24 { self.report.append(byte) }
            return []
        case 0x1B:
            self.sequence = .escape
            return []
        default: self.sequence = .none
        }
        let numbers = String(decoding: self.report, as: UTF8.self).split(separator: ";").map { Int($0) ?? -1 }
        guard byte == UInt8(ascii: "M"), numbers.count == 3, numbers[1] > 0, numbers[2] > 0 else { return [] }
        let kind: MouseEvent.Kind
        // Shift, Alt and Ctrl are added to the button.
        switch numbers[0] & ~0x1C {
        case 0: kind = .press
        case 64: kind = .wheelUp
        case 65: kind = .wheelDown
        default: return []
        }
        return [.mouse(MouseEvent(kind, row: numbers[2] - 1, column: numbers[1] - 1))]
    }

    /// Nothing more can be read now: an Esc without anything behind it is the key Esc.
    mutating func settle() -> [TerminalEvent] {
        let isEscape = self.sequence == .escape
        // The rest of a mouse report that came in two pieces must not be taken for keys.
        if self.sequence != .mouse { self.sequence = .none }
        return isEscape ? [.key(.escape)] : []
    }

    /// Hands out what was pasted: at its end, or when the end does not come.
    mutating func endPaste() -> [TerminalEvent] {
        guard let bytes = self.paste else { return [] }
        self.paste = nil
        var text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        text = String(text.map { $0 == "\r" ? "\n" : $0 })
        return text.isEmpty ? [] : [.paste(text)]
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

    private mutating func continued(_ byte: UInt8) -> [TerminalEvent] {
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
        return [.key(.character(character))]
    }

    private static func key(named name: UInt32) -> KeyEvent? {
        switch wc_key_name(rawValue: name) {
        case WC_NAME_UP: .up
        case WC_NAME_DOWN: .down
        case WC_NAME_LEFT: .left
        case WC_NAME_RIGHT: .right
        case WC_NAME_HOME: .home
        case WC_NAME_END: .end
        case WC_NAME_PAGE_UP: .pageUp
        case WC_NAME_PAGE_DOWN: .pageDown
        case WC_NAME_INSERT: .insert
        case WC_NAME_DELETE: .delete
        case WC_NAME_BACKSPACE: .backspace
        case WC_NAME_ENTER: .enter
        case WC_NAME_BACK_TAB: .backTab
        default: (101...112).contains(name) ? .function(Int(name) - 100) : nil
        }
    }
}
