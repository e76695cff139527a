import ConsoleUI
import WorkerDomain

/// The keys of text fields and lists, as the key reference lists them.
enum SharedKeys {
    struct Section {
        let title: Phrase
        let keys: [KeyHint]
    }

    private static func hint(_ key: String, _ english: String, _ chinese: String) -> KeyHint {
        KeyHint(key, Phrase(english, chinese))
    }

    /// Keys that lists, text fields and dialogs share.
    static let all: [Section] = [
        Section(
            title: Phrase("Moving", "移动"),
            keys: [
                Self.hint("j k ↓ ↑", "a row down, up", "下一行、上一行"),
                Self.hint("g G Home End", "first, last row", "第一行、最后一行"),
                Self.hint("Ctrl-D Ctrl-U", "half a page down, up", "下移、上移半页"),
                Self.hint("Ctrl-F Ctrl-B PgDn PgUp", "a page down, up", "下移、上移一页"),
            ]),
        Section(
            title: Phrase("In a text field", "在输入框中"),
            keys: [
                Self.hint("← → Home End", "move", "移动光标"),
                Self.hint("Ctrl-A Ctrl-E", "to the start, to the end", "到开头、到结尾"),
                Self.hint("Backspace Delete", "delete to the left, at the cursor", "删除左侧、光标处的字符"),
                Self.hint("Ctrl-W", "delete the word to the left", "删除左侧的单词"),
                Self.hint("Ctrl-U Ctrl-K", "delete to the start, to the end", "删除到开头、到结尾"),
            ]),
        Section(
            title: Phrase("In the dialog behind t", "切换后端对话框"),
            keys: [
                Self.hint("↑ ↓", "choose; the next backend is chosen at first", "选择；起初选中下一个后端"),
                Self.hint("⏎", "switch to it, or add it", "切换或添加"),
                Self.hint("Tab", "from choosing to adding and back", "在选择与添加之间转换"),
                Self.hint("Esc", "cancel", "取消"),
            ]),
    ]
}
