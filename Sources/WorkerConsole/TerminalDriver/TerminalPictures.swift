import TerminalCanvas

/// The pictures that the terminal shows over its cells, and what has to be sent so that it shows others.
struct TerminalPictures {
    /// How they are sent; `nil` while the terminal has not said that it shows any.
    private(set) var method: PictureProtocol?
    private var shown: [PicturePlace] = []
    private var kitty = KittyPictures()

    /// Takes note of an answer; that of kitty goes before sixels, which cost many times as much.
    mutating func take(_ answer: PictureProtocol) {
        if self.method != .kitty { self.method = answer }
    }

    /// The screen was cleared, and the pictures with it.
    mutating func forget() {
        self.shown = []
        self.kitty = KittyPictures()
    }

    /// No more pictures: what was sent did not arrive.
    mutating func giveUp() {
        self.forget()
        self.method = nil
    }

    /// Rows whose cells must be sent anew before ``change(to:cell:)``, as sixels that go leave their cells behind.
    func erasedRows(for places: [PicturePlace]) -> [Range<Int>] {
        guard self.method == .sixel, self.shown != places else { return [] }
        return self.shown.map { $0.rect.row..<$0.rect.endRow }
    }

    /// What to send; empty where nothing changes, or where the terminal does not say how many pixels a cell has: sixels
    /// would miss their place.
    mutating func change(to places: [PicturePlace], cell: Size?) -> [UInt8] {
        guard let method = self.method, self.shown != places else { return [] }
        let bytes: [UInt8]
        switch method {
        case .kitty: bytes = self.kitty.bytes(for: places)
        case .sixel: bytes = cell.map { SixelPictures(cell: $0).bytes(for: places) } ?? []
        }
        self.shown = places
        // The cursor and its colours are where ncurses left them (DECSC, DECRC).
        return bytes.isEmpty ? [] : Array("\u{1B}7".utf8) + bytes + Array("\u{1B}8".utf8)
    }

    /// What takes them all away, before somebody else uses the terminal.
    mutating func clearing() -> [UInt8] {
        defer { self.forget() }
        return self.method == .kitty && !self.shown.isEmpty ? KittyPictures.clearing : []
    }
}
