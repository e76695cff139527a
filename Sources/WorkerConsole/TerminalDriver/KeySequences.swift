import CNcurses
import TerminalCanvas

/// What terminals send for their keys, each an Esc and some bytes.
struct KeySequences: Sendable {
    private var keys: [[UInt8]: KeyEvent] = [:]
    /// Every proper beginning of a sequence.
    private var beginnings: Set<[UInt8]> = []

    /// The sequences that nearly every terminal sends, whatever its entry in the data base says.
    init() {
        let common: [(String, KeyEvent)] = [
            ("[A", .up), ("[B", .down), ("[C", .right), ("[D", .left), ("OA", .up), ("OB", .down), ("OC", .right),
            ("OD", .left), ("[H", .home), ("OH", .home), ("[1~", .home), ("[F", .end), ("OF", .end), ("[4~", .end),
            ("[5~", .pageUp), ("[6~", .pageDown), ("[2~", .insert), ("[3~", .delete), ("[Z", .backTab),
        ]
        for (text, key) in common { self.add([0x1B] + Array(text.utf8), key) }
    }

    /// What the terminal that is open says of its keys goes before the common sequences.
    static func ofTerminal() -> KeySequences {
        var sequences = KeySequences()
        var (index, name): (Int32, UInt32) = (0, 0)
        var text: UnsafePointer<CChar>?
        while wc_key(index, &text, &name) {
            index += 1
            guard let text, let key = self.key(named: name) else { continue }
            let bytes = String(cString: text).utf8
            sequences.add(Array(bytes), key)
        }
        return sequences
    }

    /// A single byte stands for itself, and so does what does not begin with Esc.
    mutating func add(_ bytes: [UInt8], _ key: KeyEvent) {
        guard bytes.count > 1, bytes[0] == 0x1B else { return }
        self.keys[bytes] = key
        for count in 1..<bytes.count { self.beginnings.insert(Array(bytes.prefix(count))) }
    }

    func key(for bytes: [UInt8]) -> KeyEvent? { self.keys[bytes] }

    func isBeginning(_ bytes: [UInt8]) -> Bool { self.beginnings.contains(bytes) }

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
