import Testing

@testable import TerminalCanvas

@Suite("Cells without a text of their own")
struct GraphemeTests {
    @Test(
        "hold what the sanitiser lets through",
        arguments: ["a", "照", "\u{10FFFD}", "e\u{301}", "👩‍💻", "👍🏽", "a\u{300}\u{301}\u{302}\u{303}", "🇨🇳", " "])
    func text(text: String) {
        let cell = Cell(Grapheme(text), role: .name, isSelected: true)
        #expect(cell.text.unicodeScalars.elementsEqual(text.unicodeScalars))
        #expect(cell.grapheme.scalars.elementsEqual(text.unicodeScalars))
        #expect(cell.grapheme == Grapheme(text) && cell.role == .name && cell.isSelected && !cell.isContinuation)
    }

    @Test("a cell is two integers, whatever it shows")
    func size() {
        #expect(MemoryLayout<Cell>.stride == 16 && _isPOD(Cell.self))
    }

    @Test("every part of a cell changes by itself", arguments: Role.allCases)
    func parts(role: Role) {
        var cell = Cell(Grapheme("a\u{300}\u{301}\u{302}\u{303}"))
        cell.role = role
        #expect(cell.text == "a\u{300}\u{301}\u{302}\u{303}" && cell.role == role && !cell.isSelected)
        cell.isSelected = true
        #expect(cell.role == role && cell.isSelected)
        cell.grapheme = Grapheme("\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}")
        #expect(cell.role == role && cell.isSelected && cell.grapheme.scalars.count == 5)
        cell.isSelected = false
        cell.grapheme = .none
        #expect(cell == .continuation(role) && cell.text.isEmpty)
    }

    @Test("scalars are compared, not what they mean")
    func equivalents() {
        #expect(Grapheme("\u{E9}") != Grapheme("e\u{301}"))
    }

    /// Texts are looked at by bytes where nothing can join; what can join is put beside everything that is not looked at.
    @Test("what is beside a character changes it only where it joins it")
    func beside() {
        let parts = [
            "a", " ", "\r", "\n", "─", "█", "▟", "■", "　", "。", "〠", "〡", "〪", "一", "鿿", "ꀀ", "！", "～", "｟", "é",
            "\u{300}", "\u{FE0F}", "\u{FE0E}", "\u{200D}", "\u{3099}", "\u{302A}", "\u{E0101}", "👍", "🏽", "🇨", "각",
            "\u{11A8}",
            "\u{1B}", "\u{7F}", "\u{9B}", "\u{202E}", "\u{903}",
        ]
        for first in parts {
            for second in parts {
                for third in ["", "a", "中", "\u{301}"] {
                    let text = first + second + third
                    let single = text.flatMap { Self.clusters(in: $0) }
                    #expect(Sanitizer.clusters(of: text) == single, "\(text.unicodeScalars.map(\.value))")
                }
            }
        }
    }

    /// What a character becomes by the rules of Unicode, whatever its bytes.
    private static func clusters(in character: Character) -> [Sanitizer.Cluster] {
        var clusters: [Sanitizer.Cluster] = []
        _ = Sanitizer.forEachCluster(in: character) { cluster in
            clusters.append(cluster)
            return true
        }
        return clusters
    }

    @Test("marks without a base that a cell has no room for are replaced, not cut")
    func marks() {
        #expect(Sanitizer.line("\u{301}\u{302}\u{303}\u{304}") == "\u{25CC}\u{301}\u{302}\u{303}\u{304}")
        #expect(Sanitizer.line("\u{301}\u{302}\u{303}\u{304}\u{305}") == "\u{FFFD}")
    }

    @Test("what is not looked up is as wide as the table says")
    func widths() throws {
        for value in UInt32(0x2000)...0xFFFD where !(0xD800...0xDFFF).contains(value) {
            let scalar = try #require(Unicode.Scalar(value))
            guard case .spacing(let columns) = CharacterWidth.kind(of: scalar) else { continue }
            #expect(Sanitizer.columns(of: String(scalar)) == columns, "\(value)")
        }
    }
}
