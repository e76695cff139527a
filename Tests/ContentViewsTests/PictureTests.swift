import CTurboJPEG
import TerminalCanvas
import Testing

@testable import ContentViews

@Suite("Pictures")
struct PictureTests {
    /// Each pixel by its row and its column: red, green and blue.
    static func jpeg(
        _ width: Int, _ height: Int, isProgressive: Bool = false, _ pixel: (Int, Int) -> [UInt8]
    ) throws -> [UInt8] {
        let encoder = try #require(tjInitCompress())
        defer { tjDestroy(encoder) }
        let pixels = (0..<height).flatMap { row in (0..<width).flatMap { pixel(row, $0) } }
        var buffer: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        let status = tjCompress2(
            encoder, pixels, Int32(width), 0, Int32(height), Int32(TJPF_RGB.rawValue), &buffer, &count,
            Int32(TJSAMP_444.rawValue), 95, isProgressive ? TJFLAG_PROGRESSIVE : 0)
        try #require(status == 0)
        defer { tjFree(buffer) }
        return Array(UnsafeBufferPointer(start: buffer, count: Int(count)))
    }

    private static func picture(_ bytes: [UInt8]) async throws -> Picture? {
        try await Shown.lines(bytes).compactMap { $0.picture?.picture }.first
    }

    @Test("a JPEG has its colours", arguments: [false, true])
    func jpeg(isProgressive: Bool) async throws {
        let bytes = try Self.jpeg(32, 16, isProgressive: isProgressive) { row, column in
            column < 16 ? [200, 30, 30] : row < 8 ? [20, 20, 220] : [255, 255, 255]
        }
        let picture = try #require(try await Self.picture(bytes))
        #expect(picture.width == 32 && picture.height == 16)
        for (row, column, wanted) in [(4, 4, [200, 30, 30]), (4, 28, [20, 20, 220]), (13, 28, [255, 255, 255])] {
            let place = 3 * (row * 32 + column)
            for part in 0..<3 { #expect(abs(Int(picture.pixels[place + part]) - wanted[part]) < 12) }
        }
        let lines = try await Shown.lines(bytes)
        #expect(lines[0].text.contains("JPEG"))
        let drawn = lines.filter { $0.picture != nil }
        #expect(drawn.count == 8 && drawn.allSatisfy { $0.text.count == 32 })
        #expect(drawn.enumerated().allSatisfy { $1.picture?.rows == $0..<$0 + 1 })
        #expect(drawn[6].text.hasSuffix("██████") && !drawn[1].text.hasSuffix("██"))
        for end in 0..<bytes.count { _ = try await Shown.lines(Array(bytes.prefix(end))) }
    }

    @Test("a large picture is made smaller, and keeps its shape and its colours")
    func large() async throws {
        let bytes = try Self.jpeg(4_001, 2_003) { row, _ in row < 1_000 ? [250, 0, 0] : [0, 0, 250] }
        let picture = try #require(try await Self.picture(bytes))
        #expect(max(picture.width, picture.height) <= 960)
        #expect(abs(Double(picture.width) / Double(picture.height) - 4_001 / 2_003) < 0.02)
        let bottom = 3 * (picture.width * (picture.height - 2) + picture.width / 2)
        #expect(picture.pixels[0] > 230 && picture.pixels[2] < 20)
        #expect(picture.pixels[bottom] < 20 && picture.pixels[bottom + 2] > 230)
    }

    @Test("a size that is a lie takes no memory, and no garbage ends the program")
    func lies() async throws {
        let bytes = try Self.jpeg(16, 16) { _, _ in [1, 2, 3] }
        let place = try #require(bytes.firstRange(of: [0xFF, 0xC0])?.upperBound)
        var large = bytes
        large.replaceSubrange(place + 3..<place + 7, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(try await Self.picture(large) == nil)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            var broken = bytes
            for _ in 0..<4 {
                broken[Int.random(in: 2..<broken.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            _ = try await Shown.lines(broken)
        }
    }

    private func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        Array(Packed.little(data.count, 4).reversed()) + Array(name.utf8) + data + [0, 0, 0, 0]
    }

    @Test("a small file of very many pixels is not drawn, however valid")
    func manyPixels() async throws {
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        bytes += self.chunk("IHDR", [0, 0, 0x17, 0x70, 0, 0, 0x17, 0x70, 1, 0, 0, 0, 0])
        bytes += self.chunk("IDAT", Packed.zlib([UInt8](repeating: 0, count: 6_000 * 751)))
        bytes += self.chunk("IEND", [])
        #expect(bytes.count < 20_000)
        let lines = try await Shown.lines(bytes)
        #expect(lines.contains { $0.text.hasSuffix("6,000 × 6,000") } && lines.allSatisfy { $0.picture == nil })
    }

    @Test("what is transparent in a palette is dark")
    func palette() async throws {
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        bytes += self.chunk("IHDR", [0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 0, 0, 0])
        bytes += self.chunk("PLTE", [255, 0, 0, 0, 255, 0, 0, 0, 255])
        bytes += self.chunk("tRNS", [255, 0])
        // Two bits a pixel: 0, 1, 2, and 3, which no colour stands for.
        bytes += self.chunk("IDAT", Packed.zlib([0, 0b0001_1011])) + self.chunk("IEND", [])
        let picture = try #require(try await Self.picture(bytes))
        #expect(picture.pixels == [255, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0])
    }
}
