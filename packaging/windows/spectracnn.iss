; Installer for Windows, by Inno Setup 6, from the folder that packaging/build.py makes:
;   ISCC /DVersion=0.1.0 packaging\windows\spectracnn.iss
; Not tested on the machines where this was written.

#ifndef Version
  #define Version "0.1.0"
#endif

[Setup]
AppId={{8C2B3B5E-58C5-4E0C-9C0E-6B1A7F5D2E41}
AppName=SpectraCNN
AppVersion={#Version}
AppPublisher=The SpectraCNN developers
DefaultDirName={autopf}\SpectraCNN
DefaultGroupName=SpectraCNN
DisableProgramGroupPage=yes
; For one person, without asking an administrator, unless they say otherwise.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\icons\spectracnn.ico
UninstallDisplayIcon={app}\SpectraCNN.exe
OutputDir=..\..\dist
OutputBaseFilename=SpectraCNN-{#Version}-setup
Compression=lzma2
SolidCompression=yes
ChangesAssociations=yes
CloseApplications=yes

[Tasks]
Name: desktopicon; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: associate; Description: "Open .spectracnn, .ev and .brainprint.csv files with SpectraCNN"

[Files]
Source: "..\..\dist\SpectraCNN\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion
Source: "..\..\build\icons\document.ico"; DestDir: "{app}"; Flags: ignoreversion

[Icons]
Name: "{autoprograms}\SpectraCNN"; Filename: "{app}\SpectraCNN.exe"
Name: "{autodesktop}\SpectraCNN"; Filename: "{app}\SpectraCNN.exe"; Tasks: desktopicon

[Registry]
; Windows knows the last suffix only. .ev is opened by double-click; .csv stays with what opens it
; now, and SpectraCNN is offered under "Open with".
Root: HKA; Subkey: "Software\Classes\.ev"; ValueType: string; ValueData: "SpectraCNN.Spectrum"; Flags: uninsdeletevalue; Tasks: associate
Root: HKA; Subkey: "Software\Classes\SpectraCNN.Spectrum"; ValueType: string; ValueData: "ShapeDNA spectrum"; Flags: uninsdeletekey; Tasks: associate
Root: HKA; Subkey: "Software\Classes\SpectraCNN.Spectrum\DefaultIcon"; ValueType: string; ValueData: "{app}\document.ico"; Tasks: associate
Root: HKA; Subkey: "Software\Classes\SpectraCNN.Spectrum\shell\open\command"; ValueType: string; ValueData: """{app}\SpectraCNN.exe"" ""%1"""; Tasks: associate
Root: HKA; Subkey: "Software\Classes\.spectracnn"; ValueType: string; ValueData: "SpectraCNN.Workspace"; Flags: uninsdeletevalue; Tasks: associate
Root: HKA; Subkey: "Software\Classes\SpectraCNN.Workspace"; ValueType: string; ValueData: "SpectraCNN workspace"; Flags: uninsdeletekey; Tasks: associate
Root: HKA; Subkey: "Software\Classes\SpectraCNN.Workspace\DefaultIcon"; ValueType: string; ValueData: "{app}\document.ico"; Tasks: associate
Root: HKA; Subkey: "Software\Classes\SpectraCNN.Workspace\shell\open\command"; ValueType: string; ValueData: """{app}\SpectraCNN.exe"" ""%1"""; Tasks: associate
Root: HKA; Subkey: "Software\Classes\.csv\OpenWithProgids"; ValueType: string; ValueName: "SpectraCNN.Spectrum"; ValueData: ""; Flags: uninsdeletevalue; Tasks: associate

[Run]
Filename: "{app}\SpectraCNN.exe"; Description: "{cm:LaunchProgram,SpectraCNN}"; Flags: nowait postinstall skipifsilent
