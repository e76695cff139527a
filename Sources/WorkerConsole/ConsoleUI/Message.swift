package import TerminalCanvas
package import TrafficJournal

/// Something a screen is told.
package enum Message: Sendable {
    /// A key; only the screen that is shown gets it.
    case key(KeyEvent)
    /// Pasted text; only the screen that is shown gets it.
    case paste(String)
    /// The screen comes to the front.
    case shown
    /// Another screen comes to the front.
    case hidden
    /// An object of a binding is to be selected in its place; only the screen of the buckets gets it.
    case object(binding: String, key: String)
    /// A second has passed, by the world's clock. Every screen gets it.
    case tick
    /// The journal has changed: `world.traffic` is new, and this is what changed. Every screen gets it.
    case traffic(JournalDelta)
    /// Status, backends or binding health have changed in the world. Every screen gets it.
    case worldChanged
}
