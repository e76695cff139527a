package import TerminalCanvas
import TextSafety
package import WorkerDomain

/// How the console looks and where it takes its time from.
package struct ConsoleOptions: Sendable {
    package var language: Language
    package var glyphs: GlyphSet
    /// Seconds that local time is ahead of UTC at a moment, summer time included.
    package var secondsFromUTC: @Sendable (WallTime) -> Int
    package var initialScreen: ScreenID
    package var now: @Sendable () -> WallTime
    /// Names of the terminal's themes, the first one in use; empty when it has one only.
    package var themes: [String]
    /// Makes the terminal use a theme.
    package var setTheme: @Sendable (String) -> Void
    /// Where copied texts go.
    package var clipboard: any Clipboard = TerminalClipboard()
    /// Opens a file at a line in the person's editor and waits for its end; `nil` when that went well, else why not.
    package var edit: @Sendable (_ path: String, _ line: Int) -> String? = { _, _ in "no editor is set" }
    /// Called when the console has ended, right before the terminal is given back, which may have to wait for its reader.
    package var ending: @Sendable () -> Void = {}
    /// Header fields whose values are hidden beyond those that always are; case does not matter.
    package var extraRedactedHeaders: [String] = []
    /// Query parameters, form fields and JSON members whose values are hidden beyond those that always are.
    package var extraRedactedQuery: [String] = []
    /// The path of poppler's `pdftotext`, where it is installed: it makes text of PDF files.
    package var pdfToText: String?
    /// The keys that the person has chosen.
    package var keymap = Keymap()
    /// Asked once, when the console has opened: whether the screens are explained first, as at a person's first start.
    package var greets: @Sendable () -> Bool = { false }

    package init(
        language: Language = .english, glyphs: GlyphSet = .unicode,
        secondsFromUTC: @escaping @Sendable (WallTime) -> Int = { _ in 0 },
        initialScreen: ScreenID = .overview, now: @escaping @Sendable () -> WallTime, themes: [String] = [],
        setTheme: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.language = language
        self.glyphs = glyphs
        self.secondsFromUTC = secondsFromUTC
        self.initialScreen = initialScreen
        self.now = now
        self.themes = themes
        self.setTheme = setTheme
    }

    var redaction: Redaction {
        Redaction(extraHeaders: self.extraRedactedHeaders, extraQuery: self.extraRedactedQuery)
    }
}
