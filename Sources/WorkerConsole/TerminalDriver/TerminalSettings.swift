package import TerminalCanvas

/// What a user wants of the terminal, over what is found out about it.
package struct TerminalSettings: Sendable, Equatable {
    /// `nil`: by locale and by asking the terminal how wide it draws.
    package var glyphs: GlyphSet?
    package var theme: Theme
    /// The most colours that are used; `nil` for all that the terminal has.
    package var colors: ColorLevel?

    package init(glyphs: GlyphSet? = nil, theme: Theme = .dark, colors: ColorLevel? = nil) {
        self.glyphs = glyphs
        self.theme = theme
        self.colors = colors
    }

    /// Adds what the environment says: a `NO_COLOR` that is not empty (no-color.org), `TERM=dumb`, and the background in
    /// `COLORFGBG` when no theme was asked for.
    package init(environment: [String: String], glyphs: GlyphSet? = nil, theme: Theme? = nil) {
        let isMono = environment["NO_COLOR"].map { !$0.isEmpty } ?? false || environment["TERM"] == "dumb"
        var found = Theme.dark
        if let last = environment["COLORFGBG"]?.split(separator: ";").last, let background = Int(last) {
            // 7 is light grey; 8 is dark grey; above are the bright ones.
            found = background == 7 || background > 8 ? .light : .dark
        }
        self.init(glyphs: glyphs, theme: theme ?? found, colors: isMono ? .mono : nil)
    }

    /// The level for a terminal with so many colours.
    func level(colors available: Int) -> ColorLevel {
        let found = ColorLevel(colors: available)
        guard let wanted = self.colors, wanted < found else { return found }
        // A direct-colour terminal has no palette of 16 or 256 to choose from.
        return found == .trueColor && wanted > .eight ? .eight : wanted
    }

    /// The glyph set, by the locale and by what the terminal answered.
    func glyphs(isUTF8: Bool, isAmbiguousWide: Bool) -> GlyphSet {
        guard isUTF8 else { return .ascii }
        return self.glyphs ?? (isAmbiguousWide ? .neutral : .unicode)
    }
}
