package import TerminalCanvas

/// What a user wants of the terminal, over what is found out about it.
package struct TerminalSettings: Sendable, Equatable {
    /// `nil`: by locale, by type and by asking the terminal how wide it draws.
    package var glyphs: GlyphSet?
    /// What is drawn with from the beginning.
    package var theme: Theme
    /// The theme was found and not chosen: what the terminal says of its background goes before it.
    package var asksBackground = false
    /// The terminal is a console with a font of a few hundred characters, by its type; it is asked nothing.
    package var isConsole = false
    /// The most colours that are used; `nil` for all that the terminal has.
    package var colors: ColorLevel?
    /// How the terminal may be asked for pictures.
    package var pictures: Set<PictureProtocol> = []

    package init(glyphs: GlyphSet? = nil, theme: Theme = .dark, colors: ColorLevel? = nil) {
        self.glyphs = glyphs
        self.theme = theme
        self.colors = colors
    }

    /// Adds what the environment says: a `NO_COLOR` that is not empty (no-color.org), `TERM`, and the background in
    /// `COLORFGBG` when no theme was asked for.
    package init(environment: [String: String], glyphs: GlyphSet? = nil, theme: Theme? = nil) {
        let type = environment["TERM"] ?? ""
        let isMono = environment["NO_COLOR"].map { !$0.isEmpty } ?? false || type == "dumb"
        var found = Theme.dark
        if let last = environment["COLORFGBG"]?.split(separator: ";").last, let background = Int(last) {
            // 7 is light grey; 8 is dark grey; above are the bright ones.
            found = background == 7 || (9...15).contains(background) ? .light : .dark
        }
        self.init(glyphs: glyphs, theme: theme ?? found, colors: isMono ? .mono : nil)
        self.isConsole = Self.isConsole(type)
        self.asksBackground = theme == nil && !self.isConsole
        if !isMono, !self.isConsole {
            // A multiplexer answers for itself, and tmux takes the question of kitty for the title of its window.
            let isInside = ["TMUX", "STY"].contains { environment[$0]?.isEmpty == false }
            let isMultiplexer = isInside || ["screen", "tmux"].contains { type.hasPrefix($0) }
            self.pictures = isMultiplexer ? [.sixel] : [.kitty, .sixel]
        }
    }

    /// Types with the font of a PC or of a DEC terminal: the Linux and the FreeBSD console, VT100 and its kin.
    package static func isConsole(_ type: String) -> Bool {
        ["linux", "vt", "cons25", "ansi", "pcansi"].contains { type.hasPrefix($0) }
    }

    /// What the terminal is asked: nothing that was chosen, and nothing that its type decides.
    func question(isUTF8: Bool, colors: Int) -> TerminalQuestion {
        guard !self.isConsole else { return TerminalQuestion(asksBackground: false, asksWidth: false) }
        return TerminalQuestion(
            asksBackground: self.asksBackground && self.colors != .mono && colors > 0,
            asksWidth: self.glyphs == nil && isUTF8, pictures: isUTF8 && colors >= 256 ? self.pictures : [])
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
        return self.glyphs ?? (self.isConsole ? .console : isAmbiguousWide ? .neutral : .unicode)
    }
}
