import TerminalCanvas
import Testing

@testable import TerminalDriver

@Suite("Pictures of the terminal")
struct PicturesTests {
    private static func picture(_ width: Int, _ height: Int, _ pixel: (Int, Int) -> [UInt8]) throws -> Picture {
        let pixels = (0..<height).flatMap { row in (0..<width).flatMap { pixel(row, $0) } }
        return try #require(Picture(width: width, height: height, pixels: pixels))
    }

    private static func places(_ canvas: Canvas) -> [PicturePlace] { canvas.pictures }

    private static func canvas(_ shown: PictureRows, row: Int = 2, column: Int = 3) -> Canvas {
        var canvas = Canvas(columns: 40, rows: 20)
        canvas.place(shown, row: row, column: column)
        return canvas
    }

    @Test("what is written over a picture covers all of it; what is written beside it does not")
    func covered() throws {
        let picture = try Self.picture(2, 2) { _, _ in [1, 2, 3] }
        let shown = PictureRows(picture, size: Size(columns: 4, rows: 4), rows: 0..<4)
        var canvas = Self.canvas(shown)
        let plain = Canvas(columns: 40, rows: 20)
        #expect(canvas != plain && canvas.cells == plain.cells)
        canvas.write("beside", row: 2, column: 7)
        canvas.write("below", row: 6, column: 3)
        #expect(canvas.pictures.map(\.rect) == [Rect(row: 2, column: 3, rows: 4, columns: 4)])
        canvas.write("x", row: 5, column: 6)
        #expect(canvas.pictures.isEmpty)
        // Never half of one.
        for (row, column) in [(-1, 0), (0, -1), (17, 0), (0, 37)] {
            #expect(Self.canvas(shown, row: row, column: column).pictures.isEmpty, "\(row) \(column)")
        }
        #expect(Picture(width: 2, height: 2, pixels: [1]) == nil && Picture(width: 0, height: 2, pixels: []) == nil)
    }

    @Test("kitty gets the pixels once, in pieces, and then only places")
    func kitty() throws {
        let picture = try Self.picture(60, 50) { row, column in [UInt8(row), UInt8(column), 7] }
        let size = Size(columns: 10, rows: 8)
        var pictures = TerminalPictures()
        let first = Self.places(Self.canvas(PictureRows(picture, size: size, rows: 0..<8)))
        #expect(pictures.change(to: first, cell: nil).isEmpty, "before the terminal has answered")
        pictures.take(.kitty)
        pictures.take(.sixel)
        #expect(pictures.method == .kitty)
        let text = String(decoding: pictures.change(to: first, cell: nil), as: UTF8.self)
        #expect(text.hasPrefix("\u{1B}7") && text.hasSuffix("\u{1B}8"))
        let pieces = text.split(separator: "\u{1B}_G").filter { $0.contains("m=") }
        #expect(pieces.count == 3 && pieces.dropLast().allSatisfy { $0.contains("m=1") })
        #expect(pieces.last?.contains("m=0") == true)
        let data = pieces.compactMap { $0.split(separator: ";").dropFirst().first?.prefix { $0 != "\u{1B}" } }.joined()
        #expect(data == String(decoding: ClipboardSequence.base64(picture.pixels), as: UTF8.self))
        #expect(pieces.allSatisfy { ($0.split(separator: ";").dropFirst().first ?? "").count <= 4_098 })
        #expect(pictures.change(to: first, cell: nil).isEmpty)
        // Rows two to five: 12 to 37 of 50.
        let second = Self.places(Self.canvas(PictureRows(picture, size: size, rows: 2..<6)))
        let moved = String(decoding: pictures.change(to: second, cell: nil), as: UTF8.self)
        #expect(moved.contains("a=p,i=1,x=0,y=12,w=60,h=25,c=10,r=4") && !moved.contains("a=t"))
        let gone = String(decoding: pictures.change(to: [], cell: nil), as: UTF8.self)
        #expect(gone.contains("d=I,i=1"))
        #expect(pictures.clearing().isEmpty)
    }

    @Test("sixels have the size of their cells and the colours of the picture")
    func sixel() throws {
        let colors: [[UInt8]] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]
        let picture = try Self.picture(2, 2) { row, column in colors[2 * row + column] }
        let shown = PictureRows(picture, size: Size(columns: 4, rows: 2), rows: 0..<2)
        var pictures = TerminalPictures()
        pictures.take(.sixel)
        let places = Self.places(Self.canvas(shown))
        let screen = try Self.screen(pictures.change(to: places, cell: Size(columns: 7, rows: 13)))
        #expect(screen.count == 26 && screen.allSatisfy { $0.count == 28 })
        for (row, line) in screen.enumerated() {
            for (column, color) in line.enumerated() {
                let wanted = colors[(row < 13 ? 0 : 2) + (column < 14 ? 0 : 1)]
                #expect(color == wanted.map { Int($0) * 100 / 255 }, "\(row) \(column)")
            }
        }
        // What goes leaves its cells behind.
        #expect(pictures.erasedRows(for: []) == [2..<4] && pictures.erasedRows(for: places).isEmpty)
        // A terminal that does not say how large its cells are gets none.
        var blind = TerminalPictures()
        blind.take(.sixel)
        #expect(blind.change(to: places, cell: nil).isEmpty)
    }

    @Test("a part of a picture is what the whole shows there, and shades come near their own on the average")
    func parts() throws {
        let picture = try Self.picture(64, 64) { row, column in [UInt8(row * 4), UInt8(column * 4), 100] }
        func screen(_ rows: Range<Int>) throws -> [[[Int]]] {
            var pictures = TerminalPictures()
            pictures.take(.sixel)
            let shown = PictureRows(picture, size: Size(columns: 8, rows: 8), rows: rows)
            return try Self.screen(
                pictures.change(to: Self.places(Self.canvas(shown)), cell: Size(columns: 8, rows: 8)))
        }
        let whole = try screen(0..<8)
        #expect(try screen(2..<5) == Array(whole[16..<40]))
        for (row, column) in [(0, 0), (24, 40), (56, 56), (32, 8)] {
            var sums = [0, 0, 0]
            for place in 0..<64 {
                for part in 0..<3 { sums[part] += whole[row + place / 8][column + place % 8][part] }
            }
            let wanted = [(row * 4 + 14) * 100 / 255, (column * 4 + 14) * 100 / 255, 39]
            for part in 0..<3 { #expect(abs(sums[part] / 64 - wanted[part]) <= 5, "\(row) \(column) \(part)") }
        }
    }

    /// Draws sixels as a terminal does: the percentages of each pixel.
    private static func screen(_ bytes: [UInt8]) throws -> [[[Int]]] {
        let text = String(decoding: bytes, as: UTF8.self)
        let start = try #require(text.firstRange(of: "q\"1;1;")?.upperBound)
        let end = try #require(text.lastIndex(of: "\u{1B}"))
        var scanner = Array(text[start..<end].utf8)[...]
        if let string = scanner.lastIndex(of: 0x1B) { scanner = scanner[..<string] }
        func number() -> Int {
            let digits = scanner.prefix { (0x30...0x39).contains($0) }
            scanner = scanner.dropFirst(digits.count)
            return digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
        }
        func skip() { scanner = scanner.dropFirst() }
        let width = number()
        skip()
        let height = number()
        var screen = [[[Int]]](repeating: Array(repeating: [], count: width), count: height)
        var palette: [Int: [Int]] = [:]
        var (color, row, column, count) = (0, 0, 0, 1)
        while let sign = scanner.first {
            skip()
            switch sign {
            case UInt8(ascii: "#"):
                color = number()
                guard scanner.first == UInt8(ascii: ";") else { continue }
                skip()
                var parts: [Int] = []
                for _ in 0..<4 {
                    parts.append(number())
                    if parts.count < 4 { skip() }
                }
                palette[color] = Array(parts.dropFirst())
            case UInt8(ascii: "!"): count = number()
            case UInt8(ascii: "$"): column = 0
            case UInt8(ascii: "-"): (row, column) = (row + 6, 0)
            case 0x3F...0x7E:
                for _ in 0..<count {
                    for bit in 0..<6 where (sign - 0x3F) >> UInt8(bit) & 1 == 1 {
                        screen[row + bit][column] = try #require(palette[color])
                    }
                    column += 1
                }
                count = 1
            default: Issue.record("\(sign)")
            }
        }
        return screen
    }
}
