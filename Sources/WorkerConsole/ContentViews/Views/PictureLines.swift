import TerminalCanvas
import Widgets

/// A picture as lines: shades in half blocks, each cell two pixels one above the other, and the pixels beside them for a
/// terminal that shows pictures.
struct PictureLines {
    private static let mostRows = 120

    private let picture: Picture
    private let columns: Int
    private let rows: Int
    /// From 0 to 255, row by row.
    private let shades: [Double]

    init(_ picture: Picture, columns: Int) {
        var columns = min(max(8, min(columns, 160)), picture.width)
        var rows = max(1, picture.height * columns / picture.width)
        if rows > Self.mostRows {
            columns = max(1, columns * Self.mostRows / rows)
            rows = Self.mostRows
        }
        rows = min(rows, picture.height)
        (self.picture, self.columns, self.rows) = (picture, columns, rows)
        var sums = [Double](repeating: 0, count: columns * rows)
        var counts = [Double](repeating: 0, count: columns * rows)
        for row in 0..<picture.height {
            let target = row * rows / picture.height * columns
            for column in 0..<picture.width {
                let place = target + column * columns / picture.width
                sums[place] += Self.shade(picture, 3 * (row * picture.width + column))
                counts[place] += 1
            }
        }
        self.shades = zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
    }

    /// Brightness as in ITU-R BT.601.
    private static func shade(_ picture: Picture, _ place: Int) -> Double {
        0.299 * Double(picture.pixels[place]) + 0.587 * Double(picture.pixels[place + 1])
            + 0.114 * Double(picture.pixels[place + 2])
    }

    /// What falls between black and white is spread over the neighbours (Floyd and Steinberg).
    func lines() -> [ContentLine] {
        var shades = self.shades
        var lit = [Bool](repeating: false, count: shades.count)
        for row in 0..<self.rows {
            for column in 0..<self.columns {
                let place = row * self.columns + column
                lit[place] = shades[place] >= 128
                let rest = shades[place] - (lit[place] ? 255 : 0)
                func spread(_ down: Int, _ right: Int, _ share: Double) {
                    guard row + down < self.rows, (0..<self.columns).contains(column + right) else { return }
                    shades[place + down * self.columns + right] += rest * share / 16
                }
                spread(0, 1, 7)
                spread(1, -1, 3)
                spread(1, 0, 5)
                spread(1, 1, 1)
            }
        }
        let size = Size(columns: self.columns, rows: (self.rows + 1) / 2)
        return (0..<size.rows).map { line in
            var text = ""
            for column in 0..<self.columns {
                let top = lit[2 * line * self.columns + column]
                let bottom = 2 * line + 1 < self.rows && lit[(2 * line + 1) * self.columns + column]
                text += top ? (bottom ? "█" : "▀") : bottom ? "▄" : " "
            }
            return ContentLine([TextRun(text)], picture: PictureRows(self.picture, size: size, rows: line..<line + 1))
        }
    }
}
