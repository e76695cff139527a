/// Pixels that a terminal which can show pictures puts over the cells that stand for them.
///
/// A canvas is compared at every change, so that one object stands for each picture: it is equal to itself at once.
package final class Picture: Sendable, Equatable {
    package let width: Int
    package let height: Int
    /// Red, green and blue, a byte each, row by row from the top left corner.
    package let pixels: [UInt8]

    /// - Returns: `nil` unless there are three bytes for each pixel.
    package init?(width: Int, height: Int, pixels: [UInt8]) {
        guard width > 0, height > 0, pixels.count == width * height * 3 else { return nil }
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    package static func == (left: Picture, right: Picture) -> Bool {
        left === right || (left.width == right.width && left.height == right.height && left.pixels == right.pixels)
    }
}

/// Some rows of a picture that is laid out in cells.
package struct PictureRows: Sendable, Equatable {
    package let picture: Picture
    /// The cells that the whole picture takes.
    package let size: Size
    /// Those of its rows that are meant, counted from its top.
    package var rows: Range<Int>

    package init(_ picture: Picture, size: Size, rows: Range<Int>) {
        self.picture = picture
        self.size = size
        self.rows = rows
    }
}

/// Where rows of a picture stand on a canvas.
package struct PicturePlace: Sendable, Equatable {
    package let shown: PictureRows
    /// As many rows and columns as the cells that it stands over.
    package let rect: Rect
    /// What stood in these cells; where something else stands now, it covers the picture.
    let cells: [Cell]
}

extension Canvas {
    /// Puts rows of a picture over what is written at a place; whatever is written there later covers it.
    ///
    /// Nothing happens unless all of it is within the canvas.
    package mutating func place(_ shown: PictureRows, row: Int, column: Int) {
        let rect = Rect(row: row, column: column, rows: shown.rows.count, columns: shown.size.columns)
        guard !rect.isEmpty, row >= 0, column >= 0, rect.endRow <= self.size.rows,
            rect.endColumn <= self.size.columns
        else { return }
        self.places.append(PicturePlace(shown: shown, rect: rect, cells: self.cells(of: rect)))
    }

    /// The pictures that nothing covers.
    package var pictures: [PicturePlace] { self.places.filter { self.cells(of: $0.rect) == $0.cells } }

    private func cells(of rect: Rect) -> [Cell] {
        (rect.row..<rect.endRow).flatMap { self.line(row: $0, column: rect.column, columns: rect.columns) }
    }
}
