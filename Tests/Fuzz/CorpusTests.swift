import Foundation
import Testing

@Suite("Fuzz corpus", .timeLimit(.minutes(2)))
struct CorpusTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Corpus")

    static let names = (try? FileManager.default.contentsOfDirectory(atPath: Self.folder.path))?.sorted() ?? []

    @Test("every kept input holds the rules, cut at every byte", arguments: Self.names)
    func replay(name: String) throws {
        let input = try Data(contentsOf: Self.folder.appendingPathComponent(name))
        #expect(FuzzCase(Array(input)).violation(everySplit: true) == nil)
    }

    @Test("the corpus stays small")
    func size() throws {
        let sizes = try Self.names.map { try Data(contentsOf: Self.folder.appendingPathComponent($0)).count }
        #expect((1...200).contains(sizes.count))
        #expect(sizes.reduce(0, +) <= 200_000)
    }

    @Test("a few thousand changed inputs hold the rules too, the same ones every time")
    func changed() throws {
        var random = FuzzRandom(state: 0x5EED)
        let inputs = try Self.names.map { Array(try Data(contentsOf: Self.folder.appendingPathComponent($0))) }
        for round in 0..<4_000 {
            var input = inputs[round % inputs.count]
            for _ in 0...random.below(3) { random.change(&input, with: inputs) }
            let violation = FuzzCase(Array(input.prefix(2_048))).violation()
            #expect(violation == nil, "\(input)")
        }
    }
}
