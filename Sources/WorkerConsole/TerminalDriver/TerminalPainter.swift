import CNcurses
import Executors
import TerminalCanvas

/// Puts canvases on the terminal that ncurses has opened: of each what differs from the one before, in the looks of a theme,
/// and pictures over it.
///
/// Only on the thread of ``NcursesTerminal``, and only while the terminal is open.
struct TerminalPainter {
    private var encoder = CellEncoder(isUTF8: false, width: { _ in -1 })
    private var looks: [Look] = []
    /// In a selected row.
    private var selectedLooks: [Look] = []
    private var pictures = TerminalPictures()
    /// What the terminal shows; `nil` while that is not known.
    private var shown: Canvas?

    mutating func encode(isUTF8: Bool) {
        self.encoder = CellEncoder(isUTF8: isUTF8, width: { Int(wc_scalar_width($0)) })
    }

    // MARK: Showing

    /// Shows a canvas, as much of it as a window of `size` has.
    mutating func show(_ canvas: Canvas, in size: Size) {
        guard self.shown != canvas else { return }
        let old = self.shown.flatMap { $0.size == canvas.size ? $0 : nil }
        if old == nil {
            wc_repaint()
            self.pictures.forget()
        }
        self.put(canvas, over: old, in: size)
        self.shown = canvas
    }

    /// Sends all of what is shown, whatever the terminal shows now.
    mutating func showAnew(in size: Size) {
        guard let shown = self.shown else { return }
        self.shown = nil
        self.show(shown, in: size)
    }

    /// What the terminal shows is not known any more.
    mutating func forget() { self.shown = nil }

    /// Draws in other colours from now on, what is shown included.
    mutating func look(_ theme: Theme, _ level: ColorLevel, in size: Size) {
        self.looks = Role.allCases.map { Look(theme.style(of: $0, level: level)) }
        self.selectedLooks = Role.allCases.map { Look(theme.selectedStyle(of: $0, level: level)) }
        guard let shown = self.shown else { return }
        // Cells that are sent in other colours wipe out what is over them.
        self.pictures.forget()
        self.put(shown, over: nil, in: size)
    }

    // MARK: Pictures

    /// Draws pictures by a method from now on, those of what is shown included.
    mutating func usePictures(_ method: PictureProtocol, in size: Size) {
        self.pictures.take(method)
        if let shown = self.shown { self.put(shown, over: shown, in: size) }
    }

    /// Takes every picture off the terminal.
    mutating func clearPictures() { self.send(self.pictures.clearing()) }

    /// The pixels of a cell; `nil` where the terminal does not say.
    private var cell: Size? {
        var (width, height): (Int32, Int32) = (0, 0)
        return wc_cell_size(&width, &height) ? Size(columns: Int(width), rows: Int(height)) : nil
    }

    private mutating func send(_ pictures: [UInt8]) {
        guard !pictures.isEmpty, pictures.withUnsafeBufferPointer({ wc_send($0.baseAddress, $0.count) }) != 0 else {
            return
        }
        // Half a picture would swallow what comes next: it is ended (ST), and there will be no other one.
        self.pictures.giveUp()
        _ = wc_send([0x1B, 0x5C], 2)
    }

    // MARK: Cells

    /// Sends what differs from `old`, or everything.
    private mutating func put(_ canvas: Canvas, over old: Canvas?, in size: Size) {
        let columns = min(canvas.size.columns, size.columns)
        for row in 0..<min(canvas.size.rows, size.rows) {
            for column in canvas.changes(in: row, since: old) where column < columns {
                let cell = canvas[row, column]
                // The second column of a wide character goes with the first.
                if cell.isContinuation || old?[row, column] == cell { continue }
                self.put(cell, of: canvas, row: row, column: column, in: size)
            }
            giveWay()
        }
        let places = canvas.pictures.filter { $0.rect.endRow <= size.rows && $0.rect.endColumn <= columns }
        for rows in self.pictures.erasedRows(for: places) { wc_redraw(Int32(rows.lowerBound), Int32(rows.count)) }
        giveWay()
        let cursor = canvas.cursor.flatMap { $0.row < size.rows && $0.column < size.columns ? $0 : nil }
        _ = wc_present(Int32(cursor?.row ?? -1), Int32(cursor?.column ?? 0))
        self.send(self.pictures.change(to: places, cell: self.cell))
    }

    private func put(_ cell: Cell, of canvas: Canvas, row: Int, column: Int, in size: Size) {
        let isWide = column + 1 < canvas.size.columns && canvas[row, column + 1].isContinuation
        // A wide character of which the window has only half.
        let grapheme = isWide && column + 1 >= size.columns ? .blank : cell.grapheme
        let looks = cell.isSelected ? self.selectedLooks : self.looks
        let look = looks[min(Int(cell.role.rawValue), looks.count - 1)]
        if var scalar = self.encoder.single(grapheme, columns: isWide ? 2 : 1) {
            _ = wc_put(Int32(row), Int32(column), &scalar, 1, look.attributes, look.pair)
            return
        }
        for piece in self.encoder.pieces(of: grapheme, columns: isWide ? 2 : 1) {
            _ = piece.scalars.withUnsafeBufferPointer { scalars in
                wc_put(
                    Int32(row), Int32(column + piece.offset), scalars.baseAddress, scalars.count, look.attributes,
                    look.pair)
            }
        }
    }
}

/// A style as ncurses takes it.
private struct Look {
    let attributes: UInt32
    let pair: Int32

    init(_ style: Style) {
        var attributes: UInt32 = 0
        if style.isBold { attributes |= WC_BOLD.rawValue }
        if style.isDim { attributes |= WC_DIM.rawValue }
        if style.isUnderlined { attributes |= WC_UNDERLINE.rawValue }
        if style.isReversed { attributes |= WC_REVERSE.rawValue }
        self.attributes = attributes
        self.pair = wc_pair(Int32(style.foreground ?? -1), Int32(style.background ?? -1))
    }
}
