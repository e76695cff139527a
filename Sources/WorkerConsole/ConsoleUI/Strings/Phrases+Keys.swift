package import WorkerDomain

/// Texts of keys that many panes share.
package enum KeyPhrases {
    static let groupOpen = Phrase("Open", "打开")
    static let groupFind = Phrase("Find", "查找")
    static let groupCopy = Phrase("Copy", "复制")
    static let groupChange = Phrase("Change", "更改")
    static let groupView = Phrase("View", "查看")
    static let groupMove = Phrase("Move", "移动")
    static let groupFrame = Phrase("Console", "控制台")

    static let down = Phrase("Go one row down.", "下移一行。")
    static let up = Phrase("Go one row up.", "上移一行。")
    static let pageDown = Phrase("Go one page down.", "下移一页。")
    static let pageUp = Phrase("Go one page up.", "上移一页。")
    static let halfPageDown = Phrase("Go half a page down.", "下移半页。")
    static let halfPageUp = Phrase("Go half a page up.", "上移半页。")
    static let first = Phrase("Go to the first row.", "移到第一行。")
    static let last = Phrase("Go to the last row.", "移到最后一行。")

    package static let back = Phrase("Go back one level.", "返回上一级。")
    package static let nextPane = Phrase("Go to the next pane.", "切换到下一个窗格。")
    package static let apply = Phrase("Use what was typed.", "应用输入的内容。")
    package static let leaveField = Phrase("Leave the field.", "离开输入框。")

    static let screen = Phrase("Show the screen of this number.", "显示该编号的页面。")
    static let chooseBackend = Phrase("Choose the backend that new requests go to, or add one.", "选择新请求发往的后端，或添加后端。")
    static let command = Phrase("Type a command.", "输入命令。")
    static let palette = Phrase("List everything that can be done, and narrow it by typing.", "列出所有可执行的操作，输入文字可缩小范围。")
    static let help = Phrase("Show the keys of this pane.", "显示此窗格的按键。")
    static let theme = Phrase("Use the next theme: dark, light, without colors.", "使用下一个主题：深色、浅色、无颜色。")
    static let mouse = Phrase("Turn the mouse on or off.", "开启或关闭鼠标。")
    static let undo = Phrase("Go back to the backend before the switch.", "切换回之前的后端。")
    static let quit = Phrase("Quit the console; the proxy finishes what it serves.", "退出控制台；代理会处理完当前请求。")
    static let quitAtOnce = Phrase("Quit from anywhere.", "随时退出。")
    static let repaint = Phrase("Draw the whole screen again.", "重新绘制整个屏幕。")
    static let suspend = Phrase("Suspend the program; fg brings it back.", "挂起程序；用 fg 恢复。")
    static let ask = Phrase("Filter or find what this screen shows.", "过滤或查找此页面的内容。")

    static let searchTitle = Phrase("search in the help", "在帮助中查找")
    package static let close = Phrase("Close it.", "关闭。")
    static let run = Phrase("Run it.", "执行。")
    static let findKey = Phrase("Find a key by what it does.", "按作用查找按键。")
    static let tourLabel = Phrase("tour", "导览")
    static let tour = Phrase("Explain the screens in a sentence each.", "每个页面用一句话介绍。")
    static let useBackend = Phrase("Switch to it, or add it.", "切换到该后端，或添加。")
    static let dialogMode = Phrase("Change between choosing and adding.", "在选择与添加之间转换。")
    static let legend = Phrase("Marks", "标记")
    static let nothing = Phrase("no key does that", "没有这样的按键")

    static let tourTitle = Phrase("Welcome", "欢迎")
    static let tourMore = Phrase(
        "%1 lists the keys of a pane; pressed twice it shows this tour again.", "按 %1 列出窗格的按键；连按两次再次显示此导览。")
}
