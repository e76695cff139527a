/// What the terminal is asked when it is taken over; the answers come as input, and nobody waits for them.
struct TerminalQuestion: Sendable, Equatable {
    /// Where the ambiguous character is drawn. The answer must not look like F3 with Shift or Ctrl, which is
    /// `ESC [ 1 ;` 2 to 16 `R`.
    static let (row, column) = (2, 20)

    let asksBackground: Bool
    let asksWidth: Bool
    /// How it is asked for pictures; empty when it is not.
    var pictures: Set<PictureProtocol> = []

    /// Empty when nothing is asked.
    ///
    /// The question for the cursor comes last, and nearly every terminal answers it: when that has come, nothing else will.
    var bytes: [UInt8] {
        guard self.asksBackground || self.asksWidth || !self.pictures.isEmpty else { return [] }
        let background = self.asksBackground ? "\u{1B}]11;?\u{1B}\\" : ""
        let character = self.asksWidth ? "\u{1B}[\(Self.row);\(Self.column)H\u{2500}" : ""
        let kitty = self.pictures.contains(.kitty) ? KittyPictures.asking : ""
        let sixel = self.pictures.contains(.sixel) ? "\u{1B}[c" : ""
        return Array((background + kitty + sixel + character + "\u{1B}[6n").utf8)
    }

    /// True when a cursor that stands there has passed an ambiguous character of two columns.
    func isWide(row: Int, column: Int) -> Bool {
        self.asksWidth && row == Self.row && column == Self.column + 2
    }
}
