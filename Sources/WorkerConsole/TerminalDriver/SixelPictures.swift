import TerminalCanvas

/// Pictures as sixels: pixels of the screen, in stripes of six rows, in a palette of 216 colours.
struct SixelPictures {
    /// Steps of each of red, green and blue.
    private static let steps = 6

    /// The pixels of a cell.
    let cell: Size

    /// - Returns: Sequences that leave the cursor where it was.
    func bytes(for places: [PicturePlace]) -> [UInt8] {
        var bytes: [UInt8] = []
        for place in places {
            bytes += "\u{1B}[\(place.rect.row + 1);\(place.rect.column + 1)H".utf8
            bytes += self.sixels(of: place)
        }
        return bytes
    }

    private func sixels(of place: PicturePlace) -> [UInt8] {
        let shown = place.shown
        let width = place.rect.columns * self.cell.columns
        let height = place.rect.rows * self.cell.rows
        let indices = self.indices(of: shown, width: width, height: height)
        var bytes = Array("\u{1B}P0;1q\"1;1;\(width);\(height)".utf8)
        for index in 0..<(Self.steps * Self.steps * Self.steps) {
            func percent(_ step: Int) -> Int { step % Self.steps * 100 / (Self.steps - 1) }
            bytes += "#\(index);2;\(percent(index / 36));\(percent(index / 6));\(percent(index))".utf8
        }
        for top in stride(from: 0, to: height, by: 6) {
            self.stripe(indices, width: width, rows: top..<min(top + 6, height), into: &bytes)
        }
        return bytes + [0x1B, 0x5C]
    }

    /// The colours of the pixels of the screen; what falls between two is spread in a fixed pattern (Bayer, 4 by 4).
    private func indices(of shown: PictureRows, width: Int, height: Int) -> [UInt8] {
        let pattern = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]
        let picture = shown.picture
        let whole = shown.size.rows * self.cell.rows
        let first = shown.rows.lowerBound * self.cell.rows
        var indices = [UInt8](repeating: 0, count: width * height)
        for row in 0..<height {
            let line = (first + row) * picture.height / whole * picture.width
            for column in 0..<width {
                let place = 3 * (line + column * picture.width / width)
                let bias = pattern[row % 4 * 4 + column % 4]
                func step(_ value: UInt8) -> Int {
                    (Int(value) * (Self.steps - 1) * 16 + bias * 255 + 127) / (255 * 16)
                }
                let (red, green, blue) = (picture.pixels[place], picture.pixels[place + 1], picture.pixels[place + 2])
                indices[row * width + column] = UInt8(
                    min(5, step(red)) * 36 + min(5, step(green)) * 6 + min(5, step(blue)))
            }
        }
        return indices
    }

    /// One colour after the other over the same six rows; repeated sixels are counted (DECGRI).
    private func stripe(_ indices: [UInt8], width: Int, rows: Range<Int>, into bytes: inout [UInt8]) {
        var masks = [UInt8](repeating: 0, count: width * 216)
        var isUsed = [Bool](repeating: false, count: 216)
        for row in rows {
            for column in 0..<width {
                let color = Int(indices[row * width + column])
                isUsed[color] = true
                masks[color * width + column] |= 1 << UInt8(row - rows.lowerBound)
            }
        }
        for color in 0..<216 where isUsed[color] {
            bytes += "#\(color)".utf8
            var column = 0
            while column < width {
                let mask = masks[color * width + column]
                var end = column + 1
                while end < width, masks[color * width + end] == mask { end += 1 }
                // Nothing needs to be said of the rest of a stripe.
                if mask == 0, end == width { break }
                let sign = mask + 0x3F
                if end - column > 3 {
                    bytes += "!\(end - column)".utf8
                    bytes.append(sign)
                } else {
                    bytes += Array(repeating: sign, count: end - column)
                }
                column = end
            }
            bytes.append(UInt8(ascii: "$"))
        }
        bytes.append(UInt8(ascii: "-"))
    }
}
