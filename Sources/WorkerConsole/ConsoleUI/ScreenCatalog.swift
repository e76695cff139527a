package import WorkerDomain

/// The screens of a console, in the order of the tab line; the first one has the key `1`.
package struct ScreenCatalog: Sendable {
    package let screens: [any Screen.Type]

    /// - Parameter screens: At least one; no two with the same id.
    package init(_ screens: [any Screen.Type]) { self.screens = screens }

    package var ids: [ScreenID] { self.screens.map { $0.id } }

    /// From 1; `nil` for a screen that is not in it.
    package func number(of id: ScreenID) -> Int? { self.ids.firstIndex(of: id).map { $0 + 1 } }

    package func title(of id: ScreenID) -> Phrase { self.screens.first { $0.id == id }?.title ?? Phrase("", "") }

    /// `1 Overview`.
    func tabs(_ language: Language) -> [String] {
        self.screens.enumerated().map { "\($0.offset + 1) \($0.element.title(language))" }
    }

    /// A screen by its number, its name in any language, or an unambiguous beginning of three letters or more.
    package func screen(named text: String) -> ScreenID? {
        let name = text.lowercased()
        if let number = Int(name) { return number > 0 && number <= self.screens.count ? self.ids[number - 1] : nil }
        if let exact = self.screens.first(where: { Self.names(of: $0).contains(name) }) { return exact.id }
        guard name.count >= 3 else { return nil }
        let starts = self.screens.filter { screen in Self.names(of: screen).contains { $0.hasPrefix(name) } }
        return starts.count == 1 ? starts[0].id : nil
    }

    /// The name that each screen is usually called by: `overview`, `traffic`, …
    package var commandNames: [String] { self.screens.map { $0.commandName } }

    private static func names(of screen: any Screen.Type) -> [String] {
        Language.allCases.map { screen.title($0).lowercased() } + screen.names + [
            screen.commandName, screen.id.rawValue,
        ]
    }
}
