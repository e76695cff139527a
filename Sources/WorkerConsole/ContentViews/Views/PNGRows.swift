/// The header of a PNG that can be drawn (PNG, third edition, section 11.2.1).
struct PNGHeader {
    let width: Int
    let height: Int
    let bits: Int
    let color: Int
    /// The colours of a palette, and how opaque each is.
    private var palette: [Color] = []
    private var opacities: [UInt8] = []

    /// Red, green and blue.
    typealias Color = (red: UInt8, green: UInt8, blue: UInt8)

    /// - Returns: `nil` for one that breaks the rules, is interlaced, or has more than a side of 32,768 pixels.
    init?(_ bytes: [UInt8]) {
        let head = ByteReader(bytes)
        guard head.has("IHDR", at: 12), let width = head.big(16, 4), let height = head.big(20, 4),
            let bits = head.byte(24), let color = head.byte(25), head.byte(26) == 0, head.byte(27) == 0,
            head.byte(28) == 0, (1...32_768).contains(width), (1...32_768).contains(height),
            Self.allowed[Int(color)]?.contains(Int(bits)) == true
        else { return nil }
        self.width = width
        self.height = height
        self.bits = Int(bits)
        self.color = Int(color)
        guard color == 3 else { return }
        var place = 8
        while let length = head.big(place, 4), !head.has("IDAT", at: place + 4), length <= bytes.count {
            if head.has("PLTE", at: place + 4), let colors = head.slice(place + 8, min(length, 768)) {
                let list = Array(colors)
                self.palette = stride(from: 0, to: list.count - 2, by: 3).map { index in
                    (list[index], list[index + 1], list[index + 2])
                }
            }
            if head.has("tRNS", at: place + 4), let found = head.slice(place + 8, min(length, 256)) {
                self.opacities = Array(found)
            }
            place += length + 12
        }
        if self.palette.isEmpty { return nil }
    }

    private static let allowed: [Int: [Int]] = [
        0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16],
    ]

    private var channels: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][self.color] ?? 1 }
    var bytesPerPixel: Int { max(1, self.channels * self.bits / 8) }
    var bytesPerRow: Int { (self.width * self.channels * self.bits + 7) / 8 }

    /// The colour of a pixel of a row; what is transparent is dark.
    func color(_ row: [UInt8], _ column: Int) -> Color {
        func sample(_ index: Int) -> UInt8 { row[(column * self.channels + index) * self.bits / 8] }
        switch self.color {
        case 2: return (sample(0), sample(1), sample(2))
        case 4: return Self.dimmed((sample(0), sample(0), sample(0)), by: sample(1))
        case 6: return Self.dimmed((sample(0), sample(1), sample(2)), by: sample(3))
        default: break
        }
        var value = Int(sample(0))
        if self.bits < 8 {
            let position = column * self.bits
            value = Int(row[position / 8]) >> (8 - self.bits - position % 8) & ((1 << self.bits) - 1)
        }
        if self.color == 3 {
            guard value < self.palette.count else { return (0, 0, 0) }
            return Self.dimmed(self.palette[value], by: value < self.opacities.count ? self.opacities[value] : 255)
        }
        let gray = self.bits < 8 ? UInt8(value * 255 / ((1 << self.bits) - 1)) : UInt8(value)
        return (gray, gray, gray)
    }

    private static func dimmed(_ color: Color, by opacity: UInt8) -> Color {
        func part(_ value: UInt8) -> UInt8 { UInt8(Int(value) * Int(opacity) / 255) }
        return (part(color.red), part(color.green), part(color.blue))
    }
}

/// Decodes the rows of a PNG: its data through zlib, and the filters taken off (PNG, third edition, section 9).
struct PNGRows {
    private let header: PNGHeader
    private var row: [UInt8]
    private var above: [UInt8]
    private var filled = -1
    private var filter: UInt8 = 0
    private var count = 0

    init(_ header: PNGHeader) {
        self.header = header
        self.row = [UInt8](repeating: 0, count: header.bytesPerRow)
        self.above = self.row
    }

    /// Hands each row to `body`, from the top.
    /// - Returns: False when the data is damaged or ends too early.
    mutating func run(_ bytes: [UInt8], _ body: (Int, [UInt8]) -> Void) -> Bool {
        let head = ByteReader(bytes)
        var inflater = Inflater(.deflate)
        var place = 8
        while self.count < self.header.height, let length = head.big(place, 4) {
            if head.has("IEND", at: place + 4) { break }
            if head.has("IDAT", at: place + 4) {
                var rest = bytes[min(bytes.count, place + 8)...].prefix(length)
                while !rest.isEmpty, self.count < self.header.height {
                    if Task.isCancelled { return false }
                    var output: [UInt8] = []
                    let (used, state) = inflater.decode(rest, isLast: false, into: &output, room: 65_536)
                    rest = rest.dropFirst(used)
                    guard state != .damaged, self.take(output, body) else { return false }
                    if state == .ended || (used == 0 && output.isEmpty) { return self.count == self.header.height }
                }
            }
            guard length <= bytes.count else { break }
            place += length + 12
        }
        return self.count == self.header.height
    }

    private mutating func take(_ bytes: [UInt8], _ body: (Int, [UInt8]) -> Void) -> Bool {
        for byte in bytes where self.count < self.header.height {
            if self.filled < 0 {
                guard byte <= 4 else { return false }
                self.filter = byte
                self.filled = 0
                continue
            }
            self.row[self.filled] = byte &+ self.predicted(self.filled)
            self.filled += 1
            if self.filled == self.row.count {
                body(self.count, self.row)
                swap(&self.row, &self.above)
                self.filled = -1
                self.count += 1
            }
        }
        return true
    }

    private func predicted(_ index: Int) -> UInt8 {
        let distance = self.header.bytesPerPixel
        let left = index >= distance ? Int(self.row[index - distance]) : 0
        let up = Int(self.above[index])
        switch self.filter {
        case 1: return UInt8(left)
        case 2: return UInt8(up)
        case 3: return UInt8((left + up) / 2)
        case 4:
            let corner = index >= distance ? Int(self.above[index - distance]) : 0
            let guess = left + up - corner
            let (byLeft, byUp, byCorner) = (abs(guess - left), abs(guess - up), abs(guess - corner))
            return UInt8(byLeft <= byUp && byLeft <= byCorner ? left : byUp <= byCorner ? up : corner)
        default: return 0
        }
    }
}
