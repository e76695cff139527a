import Testing

@testable import WorkerProject

@Suite("Environment files")
struct EnvironmentFileTests {
    private static func expand(
        _ text: String, process: [String: String] = [:]
    ) -> (values: [EnvironmentFile.Entry], isCut: Bool) {
        var expansion = EnvironmentExpansion(process: process)
        return (expansion.expand(EnvironmentFile.parse(text)), expansion.isCut)
    }

    @Test("of two equal names the last value stands at the first place")
    func twice() {
        let values = EnvironmentFile.parse("A=1\nB=2\nA=3\n")
        #expect(values.map(\.name) == ["A", "B"] && values.map(\.value) == ["3", "2"])
    }

    @Test("references that grow without end are cut, and what does not grow is read")
    func references() {
        // `\$A\$A` is the text `$A$A`, which brings itself in again wherever it is used.
        let (values, isCut) = Self.expand("A='\\$A\\$A'\nB=x$A\nC=c\n")
        #expect(isCut)
        #expect(values.map(\.name) == ["A", "B", "C"])
        #expect(values.allSatisfy { $0.value.utf8.count <= EnvironmentExpansion.workLimit })
        // Text before and behind a reference, doubled by each.
        let doubling = "A=" + String(repeating: "\\$`", count: 30) + "\nB=" + String(repeating: "x$A", count: 30)
        #expect(Self.expand(doubling).values.allSatisfy { $0.value.utf8.count <= 2 * EnvironmentExpansion.workLimit })
        let deep = (0..<10).map { "K\($0)=" + String(repeating: "$K\($0 + 1)", count: 5_000) }
        let (plain, isPlainCut) = Self.expand(deep.joined(separator: "\n") + "\nL=$L$L\nM=${N}\nN=${M}")
        #expect(!isPlainCut && plain.count == 13 && plain.allSatisfy(\.value.isEmpty))
    }

    @Test("a quote that is never closed belongs to the value of its line alone")
    func open() {
        let values = EnvironmentFile.parse("A='x\nB=`y\nC=\"z\\n\nD=1\n")
        #expect(values.map(\.value) == ["'x", "`y", "\"z\n", "1"])
    }
}
