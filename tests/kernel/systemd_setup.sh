# Sourced by scenarios: installs the project in the guest as the package would, and starts nothing.
set -eu
unset GPIOZERO_PIN_FACTORY PIP_NO_INDEX PIP_FIND_LINKS
lib=/usr/lib/backbutton
mkdir -p $lib /etc/backbutton
cp -r /project/config /project/hardware /project/controller /project/systemd/usb-gadget $lib/
chmod -R go+rX $lib
/opt/venv/bin/python -m compileall -q $lib
sed '1s|.*|#!/opt/venv/bin/python -I|' /project/debian/bin/backbutton > /usr/bin/backbutton
chmod 755 /usr/bin/backbutton
cp /project/systemd/sysusers.d/backbutton.conf /usr/lib/sysusers.d/
cp /project/systemd/tmpfiles.d/backbutton.conf /usr/lib/tmpfiles.d/
cp /project/systemd/udev/60-backbutton.rules /usr/lib/udev/rules.d/
cp -r /project/systemd/*.service /project/systemd/*.service.d /usr/lib/systemd/system/
systemd-sysusers
systemd-tmpfiles --create backbutton.conf
udevadm control --reload
systemctl daemon-reload
cat > /etc/backbutton/config.toml <<'T'
[camera]
profile = "nikon-mc-dc2"
back_button_focus = true
[focus]
interlock = false
[shot]
drive = "burst"
T
