import TerminalCanvas

/// What of a cell is sent to the terminal.
///
/// Terminals disagree about joined emoji, flags and U+FE0F, and ncurses holds one character that takes room and its
/// marks. So what is sent is the part that every terminal draws in as many columns as the canvas has for it.
struct CellEncoder {
    /// False: only ASCII can be sent.
    let isUTF8: Bool
    /// Columns that the C library, and so ncurses, gives a scalar.
    let width: (UInt32) -> Int

    /// One cell to send, and where from the left of the canvas cell.
    struct Piece: Equatable {
        let scalars: [UInt32]
        let offset: Int
    }

    /// What is sent of a cell with `columns` columns when it is one scalar that fills it, as nearly all do.
    func single(_ grapheme: Grapheme, columns: Int) -> UInt32? {
        guard let value = grapheme.scalar?.value else { return nil }
        if columns == 1, (0x20..<0x7F).contains(value) { return value }
        return self.isUTF8 && self.width(value) == columns ? value : nil
    }

    /// The pieces of a cell with `columns` columns, in order; together they fill it.
    func pieces(of grapheme: Grapheme, columns: Int) -> [Piece] {
        if let value = self.single(grapheme, columns: columns) { return [Piece(scalars: [value], offset: 0)] }
        if let scalar = grapheme.scalar, (0x20..<0x7F).contains(scalar.value) {
            return [Piece(scalars: [scalar.value], offset: 0)]
                + (1..<max(1, columns)).map { Piece(scalars: [0x20], offset: $0) }
        }
        guard self.isUTF8 else { return self.filled(columns) }
        var kept: [UInt32] = []
        var spacing: [UInt32] = []
        for scalar in grapheme.scalars {
            let value = scalar.value
            if value == 0x200D { break }
            if (0xFE00...0xFE0F).contains(value) { continue }
            let width = self.width(value)
            if width < 0 { return self.filled(columns) }
            if width > 0 { spacing.append(value) }
            if width == 0 ? !kept.isEmpty : kept.isEmpty { kept.append(value) }
        }
        if columns == 2, spacing.count == 2, spacing.allSatisfy({ (0x1F1E6...0x1F1FF).contains($0) }) {
            // A flag as its two letters.
            return spacing.enumerated().map { Piece(scalars: [$1 - 0x1F1E6 + 0x41], offset: $0) }
        }
        guard let base = kept.first else { return self.filled(columns) }
        switch (self.width(base), columns) {
        case (1, 1), (2, 2): return [Piece(scalars: kept, offset: 0)]
        case (1, 2): return [Piece(scalars: kept, offset: 0), Piece(scalars: [0x20], offset: 1)]
        default: return self.filled(columns)
        }
    }

    private func filled(_ columns: Int) -> [Piece] {
        (0..<max(1, columns)).map { Piece(scalars: [0x3F], offset: $0) }
    }
}
