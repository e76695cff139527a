import Foundation
import TestSupport
import Testing

@Suite("Reader corpora", .timeLimit(.minutes(3)))
struct ReaderCorpusTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Corpus")

    private static func inputs(_ reader: ReaderFuzz) throws -> [(name: String, bytes: [UInt8])] {
        let folder = Self.folder.appendingPathComponent(reader.rawValue)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
            (name, Array(try Data(contentsOf: folder.appendingPathComponent(name))))
        }
    }

    @Test("every kept input holds the rules", arguments: ReaderFuzz.allCases)
    func replay(reader: ReaderFuzz) throws {
        for (name, bytes) in try Self.inputs(reader) { #expect(reader.violation(bytes) == nil, "\(name)") }
    }

    @Test("every reader has a corpus, and it stays small", arguments: ReaderFuzz.allCases)
    func size(reader: ReaderFuzz) throws {
        let sizes = try Self.inputs(reader).map(\.bytes.count)
        #expect((5...400).contains(sizes.count))
        #expect(sizes.reduce(0, +) <= 300_000)
    }

    @Test("changed inputs hold the rules too, the same ones every time", arguments: ReaderFuzz.allCases)
    func changed(reader: ReaderFuzz) throws {
        var state: UInt64 = 0x5EED
        func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(max(1, limit)))
        }
        let inputs = try Self.inputs(reader).map(\.bytes)
        for round in 0..<300 {
            var input = inputs[round % inputs.count]
            for _ in 0...below(3) {
                let place = below(input.count + 1)
                let other = inputs[below(inputs.count)]
                let start = below(other.count)
                switch below(4) {
                case 0: input.insert(UInt8(below(256)), at: place)
                case 1: input.removeSubrange(place..<min(input.count, place + 1 + below(8)))
                case 2 where place < input.count: input[place] = UInt8(below(256))
                default: input.insert(contentsOf: other[start..<min(other.count, start + 30)], at: place)
                }
            }
            #expect(reader.violation(Array(input.prefix(2_048))) == nil, "\(input)")
        }
    }
}
