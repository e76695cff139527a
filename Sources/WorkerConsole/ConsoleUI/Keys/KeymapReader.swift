package import TerminalCanvas
import WorkerDomain

/// Reads the keys that a person has chosen, and finds what of them cannot be.
package struct KeymapReader: Sendable {
    /// Why a choice is not used.
    package enum Fault: Sendable, Equatable {
        /// No pane has an action of this name.
        case unknownAction(nearest: String?)
        case unreadable(String)
        /// The action is one of a field, where this key is typed text or edits it.
        case isText(KeyEvent)
        /// Another action has the key where this one applies.
        case isTaken(KeyEvent, by: KeyEntry)
    }

    /// An action and the keys that were written for it.
    package struct Choice: Sendable, Equatable {
        package let action: String
        package let keys: [String]

        package init(_ action: String, _ keys: [String]) {
            self.action = action
            self.keys = keys
        }
    }

    /// What can be used.
    package private(set) var keymap = Keymap()
    /// By the place of the choice.
    package private(set) var faults: [Int: Fault] = [:]
    private let catalog: ScreenCatalog

    /// - Parameters:
    ///   - choices: In the order in which they were written; of two that want the same key the first one gets it.
    ///   - catalog: The screens that there are.
    package init(_ choices: [Choice], catalog: ScreenCatalog) {
        self.catalog = catalog
        guard !choices.isEmpty else { return }
        let known = Set(self.sections(Keymap()).flatMap { $0.entries.map(\.action) })
        var chosen: [(index: Int, action: String, keys: [KeyEvent])] = []
        for (index, choice) in choices.enumerated() {
            guard known.contains(choice.action) else {
                self.faults[index] = .unknownAction(nearest: Self.nearest(to: choice.action, known))
                continue
            }
            let keys = choice.keys.map { KeyName.parse($0) }
            if let wrong = keys.firstIndex(of: nil) {
                self.faults[index] = .unreadable(choice.keys[wrong])
            } else {
                chosen.append((index, choice.action, keys.compactMap { $0 }))
            }
        }
        // One that is not used leaves its usual keys in place, which may be what another one wants: looked at anew.
        while true {
            self.keymap = Keymap()
            for choice in chosen { self.keymap.use(choice.keys, for: choice.action) }
            let sections = self.sections(self.keymap)
            var wrong: (Int, Fault)?
            for place in chosen.indices.reversed() where wrong == nil {
                wrong = self.fault(of: chosen[place].action, chosen[place].keys, sections).map { (place, $0) }
            }
            guard let (place, fault) = wrong else { return }
            self.faults[chosen[place].index] = fault
            chosen.remove(at: place)
        }
    }

    // MARK: Conflicts

    private func sections(_ keymap: Keymap) -> [KeySection] {
        self.catalog.screens.flatMap { $0.sections(keymap) } + GlobalKeys.sections(keymap)
    }

    private func fault(of action: String, _ keys: [KeyEvent], _ sections: [KeySection]) -> Fault? {
        for section in sections {
            guard section.entries.contains(where: { $0.action == action }) else { continue }
            let reach = Reach(section)
            let others = sections.filter { $0.name == section.name || reach.meets(Reach($0)) }
            if let text = keys.first(where: { Self.isText($0) }), others.contains(where: \.isTyping) {
                return .isText(text)
            }
            for key in keys where !self.hasByDefault(key, action, in: section.name) {
                for other in others {
                    let taken = other.entries.first { entry in
                        entry.action != action && entry.keys.contains(key) && self.isReal(entry)
                    }
                    if let taken { return .isTaken(key, by: taken) }
                }
            }
        }
        return nil
    }

    /// Where the keys of a pane are asked, beside the pane itself.
    private enum Reach {
        /// Over everything, also where text is typed.
        case always
        /// On every screen while no text is typed.
        case free
        /// On a pane of a screen.
        case screen(isTyping: Bool)
        case overlay

        init(_ section: KeySection) {
            switch section.name {
            case "\(GlobalKeys.owner).\(GlobalKeys.always.name)": self = .always
            case "\(GlobalKeys.owner).\(GlobalKeys.free.name)": self = .free
            case let name where name.hasPrefix("\(GlobalKeys.owner)."): self = .overlay
            default: self = .screen(isTyping: section.isTyping)
            }
        }

        /// A key of the one may arrive where the other one is asked as well.
        func meets(_ other: Self) -> Bool {
            switch (self, other) {
            case (.always, _), (_, .always): true
            case (.free, .screen(let isTyping)), (.screen(let isTyping), .free): !isTyping
            default: false
            }
        }
    }

    /// The digits of screens that are not there mean nothing.
    private func isReal(_ entry: KeyEntry) -> Bool {
        let prefix = "\(GlobalKeys.owner).screen-"
        guard entry.action.hasPrefix(prefix), let number = Int(entry.action.dropFirst(prefix.count)) else {
            return true
        }
        return number <= self.catalog.screens.count
    }

    /// A key that it has anyway was looked at when it was given to it.
    private func hasByDefault(_ key: KeyEvent, _ action: String, in section: String) -> Bool {
        self.sections(Keymap()).contains { usual in
            usual.name == section && usual.entries.contains { $0.action == action && $0.keys.contains(key) }
        }
    }

    /// Typed, or taken by a field to move in the text and to delete.
    private static func isText(_ key: KeyEvent) -> Bool {
        switch key {
        case .character, .left, .right, .home, .end, .backspace, .delete: true
        case .control(let letter): "abefhdkuw".contains(letter)
        default: false
        }
    }

    private static func nearest(to action: String, _ known: Set<String>) -> String? {
        let names = known.sorted()
        if let name = Nearest.name(to: action, among: names) { return name }
        // The name alone, or one of another screen.
        let last = action.split(separator: ".").last.map(String.init) ?? action
        return names.first { $0.hasSuffix("." + last) }
    }
}
