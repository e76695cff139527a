import Testing

@testable import TrafficJournal

@Suite("SpareBytes")
struct SpareBytesTests {
    @Test(
        "what is kept says the same, and holds not much more memory than it says",
        arguments: [
            1, 100, 2_047, 2_048, 16_384, 100_000,
        ], [0, 1_000_000])
    func own(count: Int, spareRoom: Int) {
        var spare = SpareBytes()
        var bytes = [UInt8]()
        bytes.reserveCapacity(count + spareRoom)
        for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: index)) }
        let kept = spare.own(bytes)
        #expect(kept == bytes && kept.capacity <= 2 * count + 64)
    }

    @Test("a large array is kept without being copied, a small one is copied")
    func largeIsNotCopied() {
        var spare = SpareBytes()
        for (count, isSame) in [(2_048, true), (65_536, true), (2_047, false), (10, false)] {
            let bytes = [UInt8](repeating: 7, count: count)
            let kept = spare.own(bytes)
            let place = bytes.withUnsafeBytes { $0.baseAddress }
            #expect((kept.withUnsafeBytes { $0.baseAddress } == place) == isSame)
        }
    }
}
