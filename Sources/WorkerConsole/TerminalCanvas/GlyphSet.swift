/// The characters that frames, graphs and marks are drawn with.
package enum GlyphSet: String, Sendable, Equatable, CaseIterable {
    /// Box drawing with round corners, block graphs.
    case unicode
    /// Frames in ASCII, marks and graphs from characters whose width is Neutral: for terminals that draw ambiguous
    /// characters two cells wide (Unicode Standard Annex 11).
    case neutral
    /// ASCII, the frames and the shades of the fonts that text consoles have (code page 437): for the Linux console.
    case console
    /// ASCII only.
    case ascii
}
