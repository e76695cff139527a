import CNcurses
import Testing

@testable import TerminalCanvas

@Suite("CharacterWidth and the C library")
struct WidthAgainstLibraryTests {
    @Test("both give every scalar that may be shown the same width, but for those listed")
    func agrees() {
        #expect(wc_set_locale())
        var differences: [String] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value), !Self.mayDiffer(scalar) else { continue }
            let theirs = Int(wc_scalar_width(value))
            // The library does not know what is newer than itself; the driver shows `?` for that.
            if theirs < 0 { continue }
            let cluster = Sanitizer.clusters(of: String(Character(scalar)))[0]
            // Only what is shown as itself matters.
            guard cluster.text.unicodeScalars.contains(scalar) else { continue }
            let ours = if case .spacing(let width) = CharacterWidth.kind(of: scalar) { width } else { 0 }
            if ours != theirs { differences.append("\(String(value, radix: 16)) \(ours) \(theirs)") }
        }
        #expect(differences == [])
    }

    /// Where the two differ with good reason; the driver sends a stand-in of our width there.
    private static func mayDiffer(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Hexagrams and counting rods became wide in Unicode 16.
        case 0x2630...0x2637, 0x268A...0x268F, 0x4DC0...0x4DFF, 0x1D300...0x1D376: true
        // Circled numbers on black squares are Ambiguous, which is one column here.
        case 0x3248...0x324F: true
        // Ahom's medial Ra is a mark to some versions of Unicode and takes room in others.
        case 0x1171E: true
        default: false
        }
    }
}
